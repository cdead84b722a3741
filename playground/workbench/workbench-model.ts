import { effect, type ReadonlySignal } from "@preact/signals";
import type { Clock } from "../../core/src/ports/clock.ts";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import { keptSignal, type PreferenceStore } from "../../ui/inspector/preferences.ts";
import { type ClientMethodsModel, createClientMethodsModel } from "../client-methods/client-methods-model.ts";
import { type CallKind, type ComposerModel, createComposerModel } from "../composer/composer-model.ts";
import {
  type ConnectionModel,
  type ConnectionPorts,
  createConnectionModel,
} from "../connection/connection-model.ts";
import type { NextFrame } from "../frame-batch.ts";
import { createRunsModel, type RunsModel } from "../runs/runs-model.ts";
import { isText } from "../server-form/server-form-model.ts";

/** Everything that one connection needs: what to call, what came of it, what the server calls. */
export interface WorkbenchModel {
  readonly connection: ConnectionModel;
  readonly composer: ComposerModel;
  readonly runs: RunsModel;
  readonly clientMethods: ClientMethodsModel;
  readonly protocol: ReadonlySignal<HubProtocolName>;
  /** Does nothing while the composer's content cannot be called. */
  call(kind: CallKind): void;
}

export interface WorkbenchOptions {
  readonly clock: Clock;
  readonly nextFrame: NextFrame;
  readonly preferences: PreferenceStore;
  /** Keeps the two workbenches' memories apart. */
  readonly name: string;
  readonly protocol: ReadonlySignal<HubProtocolName>;
  readonly connection: Omit<ConnectionPorts, "clock" | "onClient">;
  readonly first: { readonly target: string; readonly text: string; readonly kind: CallKind };
}

const isKind = (value: unknown): value is CallKind =>
  value === "invoke" || value === "stream" || value === "send";

export function createWorkbenchModel(options: WorkbenchOptions): WorkbenchModel {
  const { clock, nextFrame, protocol, name, preferences, first } = options;
  const clientMethods = createClientMethodsModel({ clock, nextFrame, protocol });
  const connection = createConnectionModel({ ...options.connection, clock, onClient: clientMethods.attach });
  const composer = createComposerModel({ protocol, isConnected: connection.isConnected });
  const runs = createRunsModel({ clock, nextFrame });

  const target = keptSignal(preferences, `${name}.target`, first.target, isText);
  const text = keptSignal(preferences, `${name}.arguments`, first.text, isText);
  const kind = keptSignal<CallKind>(preferences, `${name}.kind`, first.kind, isKind);
  composer.fill({ target: target.value, text: text.value, kind: kind.value });
  effect(() => {
    target.value = composer.target.value;
    text.value = composer.text.value;
    kind.value = composer.kind.value;
  });

  return {
    connection,
    composer,
    runs,
    clientMethods,
    protocol,
    call: (wanted) => {
      composer.choose(wanted);
      const client = connection.client();
      const parsed = composer.parsed.value;
      if (client === undefined || parsed.kind === "faulty" || !composer.canCall.value) return;
      // Never rejects: the run shows what failed.
      void runs.start(client, { ...parsed, kind: wanted, target: composer.target.value.trim() });
    },
  };
}
