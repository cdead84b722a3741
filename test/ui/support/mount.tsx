import { render } from "preact";
import type { Session } from "../../../core/src/session/session.ts";
import { Inspector } from "../../../ui/inspector/Inspector.tsx";
import {
  createInspectorModel,
  type InspectorModel,
  type InspectorOptions,
} from "../../../ui/inspector/inspector-model.ts";

export interface Mounted {
  readonly model: InspectorModel;
  readonly root: HTMLElement;
  resize(width: number, height: number): void;
  unmount(): void;
}

/** The inspector in a box of its own size, as a host has it. */
export function mountInspector(
  session: Session,
  options?: InspectorOptions,
  size = { width: 1200, height: 600 },
): Mounted {
  const root = document.createElement("main");
  const resize = (width: number, height: number): void => {
    root.style.cssText = `position:absolute;inset:0 auto auto 0;width:${width}px;height:${height}px`;
  };
  resize(size.width, size.height);
  document.body.style.margin = "0";
  document.body.append(root);
  const model = createInspectorModel(session, options);
  render(<Inspector model={model} />, root);
  return {
    model,
    root,
    resize,
    unmount: () => {
      render(null, root);
      root.remove();
      model.dispose();
    },
  };
}
