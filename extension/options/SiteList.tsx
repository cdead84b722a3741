export interface SiteListProps {
  /** Names the list for those who do not see its heading. */
  readonly label: string;
  readonly sites: readonly { readonly id: string; readonly name: string; readonly note?: string }[];
  readonly action: string;
  readonly onAction: (id: string) => void;
}

/** Sites, one a line, each with the same action. */
export function SiteList({ label, sites, action, onAction }: SiteListProps) {
  return (
    <ul class="sites" aria-label={label}>
      {sites.map(({ id, name, note }) => (
        <li key={id}>
          <span class="site">
            {name}
            {note === undefined ? null : <span class="note"> {note}</span>}
          </span>
          <button type="button" aria-label={`${action} ${name}`} onClick={() => onAction(id)}>
            {action}
          </button>
        </li>
      ))}
    </ul>
  );
}
