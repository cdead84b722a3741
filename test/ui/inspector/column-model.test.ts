import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { createColumnModel } from "../../../ui/inspector/log/column-model.ts";
import { memoryPreferences } from "../../../ui/inspector/preferences.ts";

function columnsAt(width: number, store = memoryPreferences()) {
  const available = signal(width);
  const model = createColumnModel(available, store);
  const shown = () => model.columns.value.map(({ id }) => id).join(" ");
  return { model, shown, available, store };
}

describe("columns", () => {
  test("where there is room all are shown", () => {
    expect(columnsAt(900).shown()).toBe("time direction type target id data size latency");
  });

  test("where it becomes narrow latency, size, ID and type give way in turn", () => {
    const { shown, available } = columnsAt(660);
    expect(shown()).toBe("time direction type target id data size");
    available.value = 560;
    expect(shown()).toBe("time direction type target id data");
    available.value = 500;
    expect(shown()).toBe("time direction type target data");
    available.value = 340;
    expect(shown()).toBe("time direction target data");
  });

  test("a column without room says so in the menu", () => {
    const { model } = columnsAt(660);
    expect(model.choices.value.filter(({ hasNoRoom }) => hasNoRoom).map(({ id }) => id)).toEqual(["latency"]);
  });

  test("widths and hidden columns are remembered", () => {
    const { model, store } = columnsAt(900);
    model.resize("target", 200.4);
    model.toggle("size");
    const again = columnsAt(900, store);
    expect(again.shown()).toBe("time direction type target id data latency");
    expect(again.model.template.value).toContain("200px");
    again.model.reset();
    expect(columnsAt(900, store).shown()).toContain("size");
  });

  test("a width stays within reason", () => {
    const { model } = columnsAt(2000);
    model.resize("target", -5);
    expect(model.columns.value.find(({ id }) => id === "target")?.width).toBe(32);
    model.resize("target", 1e9);
    expect(model.columns.value.find(({ id }) => id === "target")?.width).toBe(800);
  });

  test.for(["nonsense", "null", '{"widths":{"time":-4},"hidden":[]}', '{"widths":{},"hidden":["data"]}'])(
    "what was kept and makes no sense is ignored: %s",
    (kept) => {
      const store = memoryPreferences();
      store.write("inspector.columns", kept);
      expect(columnsAt(900, store).shown()).toBe("time direction type target id data size latency");
    },
  );

  test("the sentence of a connection event spans target, ID and data as far as they are shown", () => {
    expect(columnsAt(900).model.noteSpan.value).toBe(3);
    expect(columnsAt(340).model.noteSpan.value).toBe(2);
  });
});
