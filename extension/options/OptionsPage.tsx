import { useRef } from "preact/hooks";
import { AddressForm } from "./AddressForm.tsx";
import { OpenedFromSection } from "./OpenedFromSection.tsx";
import type { OptionsModel } from "./options-model.ts";
import { SiteList } from "./SiteList.tsx";
import { siteLabel } from "./site-label.ts";

/** Which sites Hubscope may read, which origins it leaves alone, and what it records. */
export function OptionsPage({ model }: { readonly model: OptionsModel }) {
  const page = model.openedFrom.value;
  return (
    <main class="options">
      <h1>Hubscope: sites</h1>
      <p class="said" role="status">
        {model.said.value}
      </p>
      {page === undefined ? null : <OpenedFromSection model={model} page={page} />}
      <AllowedSection model={model} />
      <SwitchedOffSection model={model} />
      <RecordedSection model={model} />
    </main>
  );
}

function AllowedSection({ model }: { readonly model: OptionsModel }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const withheld = model.withheld.value;
  const granted = model.granted.value ?? [];
  return (
    <section aria-labelledby="allowed">
      <h2 id="allowed" ref={heading} tabIndex={-1}>
        Sites that Hubscope may read
      </h2>
      <ul class="sites" aria-label="Read from the start">
        <li>
          <span class="site">
            This computer{" "}
            <span class="note">
              localhost, *.localhost, 127.0.0.1 and [::1], all ports:{" "}
              {withheld.length === 0 ? "from the start" : "taken back in the browser’s settings"}
            </span>
          </span>
          {withheld.length === 0 ? null : (
            <button
              type="button"
              aria-label="Allow this computer"
              onClick={() => {
                void model.ask(withheld);
              }}
            >
              Allow
            </button>
          )}
        </li>
      </ul>
      {granted.length === 0 ? null : (
        <SiteList
          label="Allowed by you"
          sites={granted.map((pattern) => ({ id: pattern, name: siteLabel(pattern), note: "all ports" }))}
          action="Remove"
          onAction={(pattern) => {
            // The button goes with its line; the focus must not go with it.
            void model.remove(pattern).then(() => heading.current?.focus());
          }}
        />
      )}
      <AddressForm
        field={model.allow}
        label="Allow another site"
        example="https://example.com"
        action="Allow"
      />
    </section>
  );
}

function SwitchedOffSection({ model }: { readonly model: OptionsModel }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const off = model.off.value;
  return (
    <section aria-labelledby="switched-off">
      <h2 id="switched-off" ref={heading} tabIndex={-1}>
        Switched off
      </h2>
      <p>
        Nothing of these pages and their frames is recorded, though Hubscope may read the site. The port
        counts: with http://localhost:5000 switched off, http://localhost:3000 goes on being recorded.
      </p>
      {off.length === 0 ? (
        <p class="note">No page is switched off.</p>
      ) : (
        <SiteList
          label="Switched off"
          sites={off.map((origin) => ({ id: origin, name: origin }))}
          action="Switch on"
          onAction={(origin) => {
            void model.switchTo(origin, "on").then(() => heading.current?.focus());
          }}
        />
      )}
      <AddressForm
        field={model.exclude}
        label="Switch off another"
        example="http://localhost:5000"
        action="Switch off"
      />
    </section>
  );
}

function RecordedSection({ model }: { readonly model: OptionsModel }) {
  return (
    <section aria-labelledby="recorded">
      <h2 id="recorded">What is recorded</h2>
      <p>
        What these pages and their servers say to each other over SignalR: negotiation, handshakes, messages,
        and when connections open and close. To tell what is SignalR, Hubscope looks at the addresses of
        requests and at the first messages of each connection; of all else it keeps nothing unless you want it
        to.
      </p>
      <p>
        <label>
          <input
            type="checkbox"
            checked={model.others.value}
            onChange={({ currentTarget }) => {
              void model.recordOthers(currentTarget.checked);
            }}
          />{" "}
          Record other WebSockets and event streams too
        </label>{" "}
        <span class="note">
          A panel shows them from when it is next opened, and all of them from a page’s next load.
        </span>
      </p>
      <p>
        Nothing leaves this computer. Recordings are kept in memory, by the page until the panel has them and
        by the panel until it is closed. There is no telemetry, no account and no server of ours. What this
        page sets is kept in this browser: allowed sites by the browser itself, the rest in the extension’s
        storage.
      </p>
    </section>
  );
}
