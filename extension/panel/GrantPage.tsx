export interface GrantPageProps {
  /** Undefined when the address names no site that can be recorded. */
  readonly site: string | undefined;
  readonly grant: () => void;
}

export function GrantPage({ site, grant }: GrantPageProps) {
  if (site === undefined) {
    return (
      <main class="grant">
        <h1>Hubscope</h1>
        <p>
          There is no site to record here. Open the developer tools on a page and choose the Hubscope panel.
        </p>
      </main>
    );
  }
  return (
    <main class="grant">
      <h1>Record {site} with Hubscope?</h1>
      <p>
        Hubscope does not read {site} yet. To show what its pages say over SignalR, it must be allowed to read
        them. What it records stays in this browser, in memory, and is gone when the page is closed.
      </p>
      <p>Only this site, until you remove it in the options.</p>
      <button type="button" onClick={grant}>
        Record this site
      </button>
    </main>
  );
}
