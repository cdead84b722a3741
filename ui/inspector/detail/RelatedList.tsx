import type { EntryNumber } from "../../../core/src/session/model.ts";
import { useRowList } from "../../list/use-row-list.ts";
import { Direction } from "../log/Direction.tsx";
import type { RelatedModel, RelatedRow } from "./related-model.ts";

export interface RelatedListProps {
  readonly model: RelatedModel;
  readonly selected: EntryNumber;
  readonly onSelect: (number: EntryNumber) => void;
}

/** Everything of one invocation over its time; Enter or a click jumps there. */
export function RelatedList({ model, selected, onSelect }: RelatedListProps) {
  const { list } = model;
  const scroller = useRowList(list, { scrolled: list.scrolled, resized: list.resized });
  return (
    <section class="related" aria-label="Related messages">
      <h3>{model.title}</h3>
      <div
        ref={scroller}
        class="related-rows"
        role="listbox"
        aria-label={model.title.value}
        tabIndex={0}
        aria-activedescendant={relatedId(model.active.value)}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === "Enter") onSelect(model.active.value);
          else if (!model.press(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div class="track" role="presentation" style={{ height: `${list.height.value}px` }}>
          <div
            class="rows"
            role="presentation"
            style={{ transform: `translateY(${list.window.value.top}px)` }}
          >
            {model.rows.value.map((row, index) => (
              <RelatedOption
                key={row.number}
                row={row}
                isSelected={row.number === selected}
                isActive={row.number === model.active.value}
                position={list.window.value.first + index + 1}
                count={model.count.value}
                onSelect={onSelect}
              />
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

interface RelatedOptionProps {
  readonly row: RelatedRow;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly position: number;
  readonly count: number;
  readonly onSelect: (number: EntryNumber) => void;
}

function RelatedOption({ row, isSelected, isActive, position, count, onSelect }: RelatedOptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active option.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys.
    <div
      id={relatedId(row.number)}
      class={`related-row${isSelected ? " selected" : ""}${isActive ? " active" : ""}${row.isError ? " error" : ""}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      onClick={() => onSelect(row.number)}
    >
      <RelatedCells row={row} />
    </div>
  );
}

/** What a related message looks like in a row, in the tab and in the summary. */
export function RelatedCells({ row }: { readonly row: RelatedRow }) {
  return (
    <>
      <Direction direction={row.direction} />
      <span class="related-word">
        {row.word}
        {row.isError ? " · error" : ""}
      </span>
      <span class="related-time" aria-hidden="true">
        <span class="related-bar" style={{ width: `${Math.max(0.02, row.share) * 100}%` }} />
      </span>
      <span class="related-after">{row.after}</span>
    </>
  );
}

const relatedId = (number: EntryNumber): string => `related-${number}`;
