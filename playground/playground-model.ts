import type { ReadonlySignal } from "@preact/signals";
import type { CaptureEvent } from "../core/src/capture-event.ts";
import { createHubClient } from "../core/src/client/create-hub-client.ts";
import { type DiagnosisPorts, diagnose } from "../core/src/client/diagnose.ts";
import { parseHubAddress } from "../core/src/client/hub-address.ts";
import type { HubClientOptions, HubClientPorts } from "../core/src/client/hub-client.ts";
import { createHub } from "../core/src/hub/create-hub.ts";
import { openSocketTo } from "../core/src/hub/memory-socket.ts";
import { createSession } from "../core/src/session/create-session.ts";
import type { Session } from "../core/src/session/session.ts";
import type { HubProtocolName } from "../core/src/wire/hub-codec.ts";
import { keptSignal, type PreferenceStore } from "../ui/inspector/preferences.ts";
import { failureText } from "./connect-texts.ts";
import type { ConnectionTarget } from "./connection/connection-model.ts";
import { clientMethods, hubMethods } from "./demo-hub/catalogue.ts";
import { createDemoHub } from "./demo-hub/create-demo-hub.ts";
import type { NextFrame } from "./frame-batch.ts";
import { createServerFormModel, isProtocol, type ServerFormModel } from "./server-form/server-form-model.ts";
import { createWorkbenchModel, type WorkbenchModel } from "./workbench/workbench-model.ts";

/** Which hub is worked with: the one in this page, or one of the user's. */
export type Source = "demo" | "server";

export interface PlaygroundModel {
  readonly source: ReadonlySignal<Source>;
  choose(source: Source): void;
  readonly demo: WorkbenchModel;
  readonly demoProtocol: ReadonlySignal<HubProtocolName>;
  chooseDemoProtocol(protocol: HubProtocolName): void;
  readonly server: WorkbenchModel;
  readonly serverForm: ServerFormModel;
  /** Both connections' traffic. */
  readonly session: Session;
  /** Connects the demo hub. */
  begin(): void;
}

export interface PlaygroundPorts {
  readonly platform: HubClientPorts;
  readonly diagnosis: DiagnosisPorts;
  readonly nextFrame: NextFrame;
  readonly preferences: PreferenceStore;
  /** Address that a link offers for "My server"; it is filled in, never connected to by itself. */
  readonly offeredAddress?: string;
  /** The session has changed. */
  readonly onChange: () => void;
}

const DEMO_TARGET = {
  // Reserved by RFC 6761: nothing outside this page can ever answer to it.
  url: "http://this-page.invalid/demo",
  skipNegotiation: true,
  withCredentials: false,
} as const;

const isSource = (value: unknown): value is Source => value === "demo" || value === "server";

export function createPlaygroundModel(ports: PlaygroundPorts): PlaygroundModel {
  const { platform, nextFrame, preferences } = ports;
  const session = createSession();
  const report = (event: CaptureEvent) => {
    session.apply(event);
    ports.onChange();
  };

  const source = keptSignal<Source>(preferences, "source", "demo", isSource);
  if (ports.offeredAddress) source.value = "server";
  const demoProtocol = keptSignal<HubProtocolName>(preferences, "demo.protocol", "json", isProtocol);
  const serverForm = createServerFormModel(preferences, ports.offeredAddress);

  const openDemoSocket = openSocketTo(
    createHub(createDemoHub({ clock: platform.clock }), { clock: platform.clock }),
  );
  const [firstMethod] = hubMethods;
  const shared = { clock: platform.clock, nextFrame, preferences };
  const explain = async (target: ConnectionTarget, error: unknown) =>
    failureText(await diagnose(error, clientOptions(target), ports.diagnosis));

  const demo = createWorkbenchModel({
    ...shared,
    name: "demo",
    protocol: demoProtocol,
    first: firstMethod ? { ...firstMethod, text: firstMethod.example } : NOTHING,
    connection: {
      explain,
      transport: "in-page connection",
      createClient: (target) =>
        createHubClient({
          ...clientOptions(target),
          report,
          ports: { ...platform, openSocket: openDemoSocket },
        }),
    },
  });
  for (const { target, reply } of clientMethods) demo.clientMethods.subscribe(target, reply);

  const server = createWorkbenchModel({
    ...shared,
    name: "server",
    protocol: serverForm.protocol,
    first: NOTHING,
    connection: {
      explain,
      transport: "WebSockets",
      createClient: (target) => {
        // Before the client starts: what is no address has no phases of connecting either.
        parseHubAddress(target.url);
        return createHubClient({ ...clientOptions(target), report, ports: platform });
      },
    },
  });

  const connectDemo = () => demo.connection.connect({ ...DEMO_TARGET, protocol: demoProtocol.value });

  return {
    source,
    demo,
    demoProtocol,
    server,
    serverForm,
    session,
    choose: (chosen) => {
      source.value = chosen;
    },
    chooseDemoProtocol: (protocol) => {
      if (protocol === demoProtocol.value) return;
      demoProtocol.value = protocol;
      void connectDemo();
    },
    begin: () => void connectDemo(),
  };
}

const NOTHING = { target: "", text: "", kind: "invoke" } as const;

function clientOptions(target: ConnectionTarget): HubClientOptions {
  const { accessToken, ...options } = target;
  return accessToken === undefined ? options : { ...options, accessToken: () => accessToken };
}
