import { useState } from "preact/hooks";
import { Menu, type MenuItem } from "../../controls/Menu.tsx";
import { useRovingFocus } from "../../controls/use-roving-focus.ts";
import { formatCount } from "../../format/format-count.ts";
import { ACT_SENTENCES, ACT_WORDS, CIRCUIT_STEP_SENTENCES, REWRITTEN_SENTENCE, TEXTS } from "../../texts.ts";
import { ValueTree } from "../../value/ValueTree.tsx";
import { againItems, copyItems } from "../entry-menu.ts";
import type { InspectorModel } from "../inspector-model.ts";
import { CircuitMark } from "../log/CircuitMark.tsx";
import type { BlazorSight } from "./blazor-page.ts";
import type { EntryDetail } from "./detail-model.ts";
import { HexView } from "./HexView.tsx";
import { RelatedCells, RelatedList } from "./RelatedList.tsx";
import "./detail.css";

/** Everything about the selected entry. */
export function DetailPane({ model }: { readonly model: InspectorModel }) {
  const detail = model.detail.detail.value;
  if (detail === undefined) return null;
  const { entry, title, subtitle } = detail;
  return (
    <section id="inspector-detail" class="detail-pane" aria-label="Detail">
      <header class={entry.isError ? "detail-header error" : "detail-header"}>
        <h2 title={title}>{title}</h2>
        <span class="detail-subtitle" title={subtitle}>
          {subtitle}
        </span>
        <AgainMenu model={model} detail={detail} />
        <CopyMenu model={model} detail={detail} />
        <button
          type="button"
          class="tool"
          title="Close (Esc)"
          aria-label="Close detail"
          onClick={model.closeDetail}
        >
          ✕
        </button>
      </header>
      {detail.act === undefined ? null : (
        <p class="act-note">
          <span class="act-mark">{ACT_WORDS[detail.act]}</span>
          {ACT_SENTENCES[detail.act]}
        </p>
      )}
      {detail.isRewritten ? <p class="rewritten-note">{REWRITTEN_SENTENCE}</p> : null}
      <DetailTabs model={model} />
      <div
        key={entry.number}
        id="inspector-tab-panel"
        class="detail-body"
        role="tabpanel"
        aria-labelledby={`inspector-tab-${model.detail.tab.value}`}
      >
        <TabContent model={model} detail={detail} />
      </div>
      {model.detail.tab.value === "value" ? <Summary model={model} detail={detail} /> : null}
    </section>
  );
}

interface DetailProps {
  readonly model: InspectorModel;
  readonly detail: EntryDetail;
}

function CopyMenu({ model, detail }: DetailProps) {
  return <MenuButton label="Copy" items={copyItems(model, detail.entry)} />;
}

/** Sends or simulates the message once more. */
function AgainMenu({ model, detail }: DetailProps) {
  const items = againItems(model, detail.entry);
  if (items.length === 0) return null;
  const isOut = detail.entry.kind === "message" && detail.entry.direction === "out";
  return <MenuButton label={isOut ? "Send again" : "Simulate"} items={items} />;
}

function MenuButton({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  const [at, setAt] = useState<{ readonly x: number; readonly y: number }>();
  return (
    <span class="copy">
      <button
        type="button"
        class="tool"
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        onClick={({ currentTarget }) => {
          const { left, bottom } = currentTarget.getBoundingClientRect();
          setAt(at === undefined ? { x: left, y: bottom + 2 } : undefined);
        }}
      >
        {label} <span aria-hidden="true">▾</span>
      </button>
      {at === undefined ? null : (
        <Menu label={label} at={at} items={items} onClose={() => setAt(undefined)} />
      )}
    </span>
  );
}

function DetailTabs({ model }: { readonly model: InspectorModel }) {
  const { tabs, tab, choose } = model.detail;
  const list = useRovingFocus();
  return (
    <div ref={list} class="tabs" role="tablist" aria-label="Views of the message">
      {tabs.value.map(({ id, label }) => (
        <button
          key={id}
          id={`inspector-tab-${id}`}
          type="button"
          role="tab"
          aria-selected={tab.value === id}
          aria-controls="inspector-tab-panel"
          onClick={() => choose(id)}
          onFocus={() => choose(id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function TabContent({ model, detail }: DetailProps) {
  const tab = model.detail.tab.value;
  switch (tab) {
    case "value":
      return <ValueTab detail={detail} />;
    case "raw":
      return <RawTab model={model} detail={detail} />;
    case "hex":
      return detail.hex === undefined ? null : <HexView model={detail.hex()} marks={detail.hexMarks()} />;
    case "related":
      return detail.related === undefined ? null : (
        <RelatedList model={detail.related} selected={detail.entry.number} onSelect={model.open} />
      );
    default:
      return tab satisfies never;
  }
}

function ValueTab({
  detail: { issues, parts, tree, emptySentence, title, circuit, blazor },
}: {
  readonly detail: EntryDetail;
}) {
  return (
    <div class="detail-scroll">
      {issues.length === 0 ? null : (
        <ul class="issues" aria-label="What is odd">
          {issues.map((issue) => (
            <li key={issue}>{issue}</li>
          ))}
        </ul>
      )}
      {circuit === undefined ? null : (
        <p class="blazor-sentence">
          <CircuitMark step={circuit} />
          {CIRCUIT_STEP_SENTENCES[circuit]}
        </p>
      )}
      <BlazorChanges sight={blazor()} />
      {parts.length === 0 ? (
        <p class="quiet detail-sentence">{emptySentence}</p>
      ) : (
        <ValueTree model={tree} label={`Value of ${title}`} />
      )}
    </div>
  );
}

function BlazorChanges({ sight }: { readonly sight: BlazorSight | undefined }) {
  if (sight === undefined) return null;
  return (
    <section class="blazor-changes" aria-label="What it does to the page">
      {sight.sentences.map((sentence) => (
        <p key={sentence} class="blazor-sentence">
          {sentence}
        </p>
      ))}
      {sight.changes === undefined ? null : <pre>{sight.changes}</pre>}
    </section>
  );
}

function RawTab({ model, detail }: DetailProps) {
  if (detail.rawText === undefined) {
    return (
      <div class="detail-sentence">
        <p class="quiet">{TEXTS.binaryHasNoText}</p>
        <button type="button" class="push" onClick={() => model.detail.choose("hex")}>
          {TEXTS.showHex}
        </button>
      </div>
    );
  }
  const raw = detail.rawText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section class="detail-scroll raw" tabIndex={0} aria-label={detail.isRewritten ? "Text" : "Raw text"}>
      {detail.isRedacted ? <p class="quiet redaction">A secret is shown as •••.</p> : null}
      <pre>{raw.shown}</pre>
      {raw.isCut.value ? (
        <button type="button" class="push" onClick={raw.showAll}>
          {`Show all ${formatCount(raw.length)} characters`}
        </button>
      ) : null}
    </section>
  );
}

/** The life of the invocation in a few lines under its value. */
function Summary({ model, detail: { related, entry } }: DetailProps) {
  if (related === undefined || related.count.value < 1) return null;
  const rows = related.summary.value;
  const left = related.count.value - rows.length;
  return (
    <section class="summary" aria-label="Invocation">
      <h3>{related.title}</h3>
      {rows.map((row, index) => (
        <>
          {left > 0 && index === rows.length - 1 ? (
            <button key="more" type="button" class="more" onClick={() => model.detail.choose("related")}>
              {`${formatCount(left)} more`}
            </button>
          ) : null}
          <button
            key={row.number}
            type="button"
            class={`related-row${row.number === entry.number ? " selected" : ""}${row.isError ? " error" : ""}`}
            aria-current={row.number === entry.number}
            onClick={() => model.open(row.number)}
          >
            <RelatedCells row={row} />
          </button>
        </>
      ))}
    </section>
  );
}
