import { useSignal } from "@preact/signals";
import type { WireValue } from "../../core/src/wire/hub-message.ts";
import { formatCount } from "../../ui/format/format-count.ts";
import { formatTime } from "../../ui/format/format-time.ts";
import { ValuePreview } from "../value-preview/ValuePreview.tsx";
import type { ClientMethodSubscription, ClientMethodsModel } from "./client-methods-model.ts";

export interface ClientMethodRowProps {
  readonly subscription: ClientMethodSubscription;
  readonly model: ClientMethodsModel;
}

export function ClientMethodRow({ subscription, model }: ClientMethodRowProps) {
  const { target, count, last, reply, fault } = subscription;
  const replying = useSignal(reply !== "");
  return (
    <li class="pg-client-method">
      <b>{target}</b>
      <span class="pg-count" title={`Received ${formatCount(count)} times`}>
        {formatCount(count)}
      </span>
      <span class="pg-last" title={last ? `at ${formatTime(last.at)}` : undefined}>
        {last ? <LastArguments values={last.arguments} /> : <span class="pg-quiet">nothing yet</span>}
      </span>
      <button
        type="button"
        class="pg-link"
        aria-label={`Reply of ${target}`}
        aria-expanded={replying.value}
        title="What this client answers when the server asks for a result"
        onClick={() => {
          replying.value = !replying.value;
        }}
      >
        Reply
      </button>
      <button
        type="button"
        class="pg-link"
        aria-label={`Unsubscribe from ${target}`}
        title="Unsubscribe"
        onClick={() => model.unsubscribe(target)}
      >
        ✕
      </button>
      {replying.value ? (
        <label class="pg-reply">
          <span class="pg-quiet">answers with</span>
          <input
            type="text"
            aria-label={`Value that ${target} answers with`}
            aria-invalid={fault !== undefined}
            placeholder="nothing"
            spellcheck={false}
            autocomplete="off"
            value={reply}
            onInput={(event) => model.setReply(target, event.currentTarget.value)}
          />
          {fault ? <span class="pg-fault">{fault}</span> : null}
        </label>
      ) : null}
    </li>
  );
}

function LastArguments({ values }: { readonly values: readonly WireValue[] }) {
  return values.length === 0 ? <span class="pg-quiet">no arguments</span> : <ValuePreview values={values} />;
}
