import { FailureNotice } from "../connection/FailureNotice.tsx";
import { Steps } from "../connection/Steps.tsx";
import { Choice } from "../controls/Choice.tsx";
import { protocolOptions } from "../controls/protocol-options.ts";
import { hubMethods } from "../demo-hub/catalogue.ts";
import type { PlaygroundModel } from "../playground-model.ts";
import "./demo-methods.css";

/** The demo hub: what it is, and its methods; choosing one fills the composer with an example. */
export function DemoMethods({ model }: { readonly model: PlaygroundModel }) {
  const { connection, composer } = model.demo;
  const failure = connection.failure.value;
  return (
    <section class="pg-demo" aria-label="Demo hub">
      <h2>Demo hub</h2>
      <p class="pg-quiet">Runs in this page. No server, and nothing leaves the browser.</p>
      <Choice
        legend="Hub protocol"
        name="demo-protocol"
        options={protocolOptions}
        value={model.demoProtocol.value}
        onChoose={model.chooseDemoProtocol}
      />
      <Steps connection={connection} />
      {failure ? <FailureNotice failure={failure} /> : null}
      <h2 id="pg-methods">
        Methods <span>choose one to fill in an example</span>
      </h2>
      <ul class="pg-methods" aria-labelledby="pg-methods">
        {hubMethods.map(({ target, kind, parameters, says, example }) => (
          <li key={target}>
            <button
              type="button"
              title={says}
              aria-pressed={composer.target.value === target}
              onClick={() => composer.fill({ target, kind, text: example })}
            >
              <span>{target}</span>
              <span class="pg-quiet">
                {[kind === "stream" ? "stream" : "", parameters].filter(Boolean).join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
