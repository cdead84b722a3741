import { SendFields } from "./SendFields.tsx";
import { KIND_CHOICES, type SendKind, type SendMode } from "./send-kinds.ts";
import type { SendModel } from "./send-model.ts";

const MODES: readonly { readonly mode: SendMode; readonly label: string; readonly title: string }[] = [
  { mode: "send", label: "To the server", title: "Through the page's connection, as the page would" },
  { mode: "simulate", label: "To the page (simulate)", title: "As if the server had sent it" },
];

/** What to send, to which side. */
export function SendForm({ send }: { readonly send: SendModel }) {
  const { mode, content, obstacle, fault } = send;
  const { kind } = content.value;
  const choice = KIND_CHOICES[mode.value].find((one) => one.kind === kind);
  const isReady = obstacle.value === undefined && fault.value === undefined;
  return (
    <form
      class="act-form"
      aria-label="Message"
      onSubmit={(event) => {
        event.preventDefault();
        send.submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        send.submit();
      }}
    >
      <fieldset class="act-modes">
        <legend class="visually-hidden">Side</legend>
        {MODES.map(({ mode: one, label, title }) => (
          <label key={one} title={title}>
            <input
              type="radio"
              name="act-mode"
              value={one}
              checked={mode.value === one}
              onChange={() => send.chooseMode(one)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div class="act-line">
        <select
          class="act-input"
          aria-label="Kind"
          value={kind}
          onChange={({ currentTarget }) => {
            const chosen = kindNamed(send, currentTarget.value);
            if (chosen !== undefined) send.change({ kind: chosen });
          }}
          {...(choice?.kind === "ping" || choice?.kind === "close" ? { "data-first": true } : {})}
        >
          {send.kinds.value.map(({ kind: one, label }) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
        <SendFields.Name send={send} />
        <button type="submit" class="push primary" disabled={!isReady} aria-describedby="act-obstacle">
          {mode.value === "send" ? "Send to server" : "Deliver to page"}
        </button>
      </div>
      <p id="act-obstacle" class={send.ability.value.can ? "quiet act-says" : "act-reason"}>
        {obstacle.value ?? choice?.says}
      </p>
      <SendFields.Content send={send} />
    </form>
  );
}

function kindNamed(send: SendModel, name: string): SendKind | undefined {
  return send.kinds.value.find(({ kind }) => kind === name)?.kind;
}
