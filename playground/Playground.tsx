import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Splitter } from "../ui/controls/Splitter.tsx";
import { Inspector } from "../ui/inspector/Inspector.tsx";
import type { InspectorModel } from "../ui/inspector/inspector-model.ts";
import { ClientMethods } from "./client-methods/ClientMethods.tsx";
import { Composer } from "./composer/Composer.tsx";
import { hubMethods } from "./demo-hub/catalogue.ts";
import { DemoMethods } from "./demo-methods/DemoMethods.tsx";
import { Header } from "./header/Header.tsx";
import type { PlaygroundModel } from "./playground-model.ts";
import { Runs } from "./runs/Runs.tsx";
import { ServerForm } from "./server-form/ServerForm.tsx";

export interface PlaygroundProps {
  readonly model: PlaygroundModel;
  readonly inspector: InspectorModel;
  /** Share of the window's height, 0 to 1. */
  readonly inspectorShare: Signal<number>;
}

const LEAST_HEIGHT = 120;

/** The page: a workbench for the chosen hub above, the inspector with all traffic below. */
export function Playground({ model, inspector, inspectorShare }: PlaygroundProps) {
  const isDemo = model.source.value === "demo";
  const workbench = isDemo ? model.demo : model.server;
  const height = useWindowHeight().value;
  const most = Math.max(LEAST_HEIGHT, height - 160);
  const inspectorHeight = Math.max(LEAST_HEIGHT, Math.min(inspectorShare.value * height, most));
  const known = isDemo
    ? hubMethods.find(({ target }) => target === workbench.composer.target.value)
    : undefined;
  return (
    <div class="pg-page">
      <Header model={model} />
      <main class="pg-main">
        <div class="pg-workbench" key={model.source.value}>
          <div class="pg-column">
            {isDemo ? (
              <DemoMethods model={model} />
            ) : (
              <ServerForm form={model.serverForm} connection={workbench.connection} />
            )}
          </div>
          <div class="pg-column">
            <Composer
              workbench={workbench}
              description={known?.says}
              targets={isDemo ? hubMethods.map(({ target }) => target) : []}
            />
            <ClientMethods model={workbench.clientMethods} />
          </div>
          <div class="pg-column">
            <Runs model={workbench.runs} invitation={isDemo ? DEMO_INVITATION : SERVER_INVITATION} />
          </div>
        </div>
        <div id="pg-inspector" class="pg-inspector" style={{ height: `${Math.round(inspectorHeight)}px` }}>
          <Splitter
            label="Height of the inspector"
            orientation="horizontal"
            value={inspectorHeight}
            min={LEAST_HEIGHT}
            max={most}
            sign={-1}
            controls="pg-inspector"
            onResize={(to) => {
              inspectorShare.value = to / height;
            }}
          />
          <Inspector model={inspector} />
        </div>
      </main>
    </div>
  );
}

const DEMO_INVITATION = "Press Invoke: the answer appears here, and every message of it below.";
const SERVER_INVITATION =
  "Answers, streams and errors of your calls appear here; every message appears below.";

function useWindowHeight(): Signal<number> {
  const height = useSignal(window.innerHeight);
  useEffect(() => {
    const follow = () => {
      height.value = window.innerHeight;
    };
    window.addEventListener("resize", follow);
    return () => window.removeEventListener("resize", follow);
  }, [height]);
  return height;
}
