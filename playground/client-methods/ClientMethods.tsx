import { useSignal } from "@preact/signals";
import type { SubmitEventHandler } from "preact";
import { ClientMethodRow } from "./ClientMethodRow.tsx";
import type { ClientMethodsModel } from "./client-methods-model.ts";
import "./client-methods.css";

/** What the server calls on this client: subscribed targets, what came, and what is answered. */
export function ClientMethods({ model }: { readonly model: ClientMethodsModel }) {
  const typed = useSignal("");
  const subscribe: SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault();
    model.subscribe(typed.value);
    typed.value = "";
  };
  return (
    <section class="pg-client-methods" aria-label="From the server">
      <h2>
        From the server <span>methods that it calls on this client</span>
      </h2>
      <ul>
        {model.subscriptions.value.map((subscription) => (
          <ClientMethodRow key={subscription.target} subscription={subscription} model={model} />
        ))}
      </ul>
      <form class="pg-subscribe" onSubmit={subscribe}>
        <input
          type="text"
          aria-label="Client method to subscribe to"
          placeholder="Client method"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="pg-button" disabled={typed.value.trim() === ""}>
          Subscribe
        </button>
      </form>
    </section>
  );
}
