import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRovingFocus } from "../../controls/use-roving-focus.ts";
import { formatCount } from "../../format/format-count.ts";
import { ActButtons } from "../act/ActButtons.tsx";
import { ConnectionSelect } from "../connections/ConnectionSelect.tsx";
import type { InspectorModel } from "../inspector-model.ts";
import type { DirectionChoice } from "../log/filter-model.ts";
import "./toolbar.css";

export interface InspectorToolbarProps {
  readonly model: InspectorModel;
  readonly filterField: RefObject<HTMLInputElement | null>;
}

const DIRECTIONS: readonly {
  readonly id: DirectionChoice;
  readonly label: string;
  readonly title: string;
}[] = [
  { id: "all", label: "All", title: "Messages in both directions" },
  { id: "out", label: "↑ Out", title: "Client to server only" },
  { id: "in", label: "↓ In", title: "Server to client only" },
];

export function InspectorToolbar({ model, filterField }: InspectorToolbarProps) {
  const { filter, recording, layout } = model;
  const toolbar = useRovingFocus();
  const step = recording.value ? "Pause recording (Ctrl+E)" : "Go on recording (Ctrl+E)";
  // The mark is what a hurried user believes: it is full only where something is recorded.
  const record = model.isRecorded.value ? step : `${step}. Nothing of this page is recorded.`;
  const mark = !recording.value
    ? "record-mark"
    : model.isRecorded.value
      ? "record-mark on"
      : "record-mark idle";
  return (
    <div ref={toolbar} class="inspector-toolbar" role="toolbar" aria-label="Inspector">
      <span class="tools">
        <button
          type="button"
          class="tool"
          title={record}
          aria-label={record}
          aria-pressed={recording.value}
          onClick={model.toggleRecording}
        >
          <span class={mark} aria-hidden="true" />
        </button>
        <button type="button" class="tool" title="Clear (Ctrl+L)" aria-label="Clear" onClick={model.clear}>
          <ClearIcon />
        </button>
        <span class="divider" />
        {layout.isNarrow.value ? <ConnectionSelect model={model.connections} /> : null}
      </span>
      <FilterField model={model} field={filterField} />
      <span class="divider" />
      <span class="tools choices">
        {DIRECTIONS.map(({ id, label, title }) => (
          <button
            key={id}
            type="button"
            class="tool"
            title={title}
            aria-pressed={filter.direction.value === id}
            onClick={() => filter.choose(id)}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          class="tool"
          title="Errors only"
          aria-pressed={filter.errorsOnly.value}
          onClick={filter.toggleErrors}
        >
          <span class="error-mark" aria-hidden="true">
            ●
          </span>
          Errors
        </button>
        <span class="divider" />
        <label class="check">
          <input type="checkbox" checked={filter.pings.value} onChange={filter.togglePings} />
          Pings
        </label>
        {model.preserveLog === undefined ? null : <PreserveLog preserveLog={model.preserveLog} />}
        {model.act === undefined ? null : <ActButtons act={model.act} />}
        <span class="divider" />
        <button
          type="button"
          class="tool"
          title="Keys (?)"
          aria-label="Keys"
          onClick={() => model.showKeys(true)}
        >
          ?
        </button>
      </span>
    </div>
  );
}

function PreserveLog({ preserveLog }: { readonly preserveLog: Signal<boolean> }) {
  return (
    <label class="check" title="Keep the log when the page is reloaded or another is opened">
      <input
        type="checkbox"
        checked={preserveLog.value}
        onChange={({ currentTarget }) => {
          preserveLog.value = currentTarget.checked;
        }}
      />
      Preserve log
    </label>
  );
}

interface FilterFieldProps {
  readonly model: InspectorModel;
  readonly field: RefObject<HTMLInputElement | null>;
}

function FilterField({ model: { filter, log, layout }, field }: FilterFieldProps) {
  const { count, total, progress } = log.rows;
  const done = progress.value;
  const counted = layout.isNarrow.value
    ? `${formatCount(count.value)}/${formatCount(total.value)}`
    : `${formatCount(count.value)} of ${formatCount(total.value)}`;
  return (
    <span class="filter-field">
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path
          d="M1.5 3h13L9.5 9v4.5l-3-1.5V9z"
          fill="none"
          stroke="currentColor"
          stroke-width="1.3"
          stroke-linejoin="round"
        />
      </svg>
      <input
        ref={field}
        type="text"
        spellcheck={false}
        autocomplete="off"
        aria-label="Filter"
        placeholder="Filter: text, target:Send, type:completion, id:7, is:error, -ping"
        title="Text, or target: type: id: dir: is:error is:act; a minus before a term excludes (Ctrl+F)"
        value={filter.text}
        onInput={({ currentTarget }) => filter.search(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || filter.text.value === "") return;
          event.stopPropagation();
          filter.search("");
        }}
      />
      <span
        class="filter-count"
        title={`${formatCount(count.value)} of ${formatCount(total.value)} entries are shown`}
      >
        {done === undefined ? counted : `${Math.floor(done * 100)} % · ${counted}`}
      </span>
    </span>
  );
}

function ClearIcon() {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.3" />
      <path d="M4.200 4.200l7.600 7.6" stroke="currentColor" stroke-width="1.3" />
    </svg>
  );
}
