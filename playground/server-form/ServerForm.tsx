import type { SubmitEventHandler } from "preact";
import type { ConnectionModel } from "../connection/connection-model.ts";
import { FailureNotice } from "../connection/FailureNotice.tsx";
import { Steps } from "../connection/Steps.tsx";
import { Choice, type ChoiceOption } from "../controls/Choice.tsx";
import { protocolOptions } from "../controls/protocol-options.ts";
import type { Authorisation, ServerFormModel } from "./server-form-model.ts";

const AUTHORISATIONS: readonly ChoiceOption<Authorisation>[] = [
  { value: "none", label: "None" },
  { value: "token", label: "Token" },
];

/** Where the user's hub is, and how to connect to it. */
export function ServerForm(props: { readonly form: ServerFormModel; readonly connection: ConnectionModel }) {
  const { form, connection } = props;
  const inUse = connection.isInUse.value;
  const failure = connection.failure.value;
  const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
    event.preventDefault();
    void (inUse ? connection.disconnect() : connection.connect(form.target.value));
  };
  return (
    <form class="pg-server" aria-label="Server" onSubmit={submit}>
      <h2>Server</h2>
      <label class="pg-field">
        <span class="pg-label">Hub address</span>
        <input
          type="text"
          inputMode="url"
          autocomplete="url"
          spellcheck={false}
          placeholder="https://localhost:5001/hubs/chat"
          value={form.address.value}
          readOnly={inUse}
          onInput={(event) => form.setAddress(event.currentTarget.value)}
        />
      </label>
      <Choice
        legend="Hub protocol"
        name="server-protocol"
        options={protocolOptions}
        value={form.protocol.value}
        disabled={inUse}
        onChoose={form.setProtocol}
      />
      <Choice
        legend="Authorisation"
        name="authorisation"
        options={AUTHORISATIONS}
        value={form.authorisation.value}
        disabled={inUse}
        onChoose={form.setAuthorisation}
      />
      {form.authorisation.value === "token" ? (
        <label class="pg-field">
          <span class="pg-label">Bearer token, kept in memory only</span>
          <input
            type="password"
            autocomplete="off"
            value={form.token.value}
            readOnly={inUse}
            onInput={(event) => form.setToken(event.currentTarget.value)}
          />
        </label>
      ) : null}
      <label
        class="pg-check"
        title="Opens the WebSocket at once, without asking the server for a connection first"
      >
        <input
          type="checkbox"
          checked={form.skipNegotiation.value}
          disabled={inUse}
          onChange={(event) => form.setSkipNegotiation(event.currentTarget.checked)}
        />
        <span>Skip negotiation</span>
      </label>
      <label class="pg-check" title="The server has to allow credentials for the playground's origin">
        <input
          type="checkbox"
          checked={form.withCredentials.value}
          disabled={inUse}
          onChange={(event) => form.setWithCredentials(event.currentTarget.checked)}
        />
        <span>Send cookies</span>
      </label>
      <button type="submit" class={inUse ? "pg-button" : "pg-button pg-primary"}>
        {connection.isConnected.value ? "Disconnect" : inUse ? "Stop connecting" : "Connect"}
      </button>
      <Steps connection={connection} />
      {failure ? <FailureNotice failure={failure} /> : null}
    </form>
  );
}
