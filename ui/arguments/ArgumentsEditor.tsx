import { useRef } from "preact/hooks";
import { isKey, tokensOf } from "./tokens.ts";
import "./arguments.css";

export interface ArgumentsEditorProps {
  /** "Arguments" where it is absent. */
  readonly label?: string;
  readonly text: string;
  /** Lines that it has at least. */
  readonly rows?: number;
  readonly faultId: string | undefined;
  readonly hintId: string;
  readonly onText: (text: string) => void;
}

/** Longer texts are shown without colours: each key press would colour them anew. */
const COLOURED_UP_TO = 20_000;

/** A text area over a coloured copy of its text: the browser's own editing, with colours. */
export function ArgumentsEditor(props: ArgumentsEditorProps) {
  const { label = "Arguments", text, rows = 5, faultId, hintId, onText } = props;
  const colours = useRef<HTMLPreElement>(null);
  const coloured = text.length <= COLOURED_UP_TO;
  return (
    <div class="arguments-editor" data-coloured={coloured} data-faulty={faultId !== undefined}>
      <pre ref={colours} aria-hidden="true">
        {coloured ? <Coloured text={text} /> : null}
      </pre>
      <textarea
        aria-label={label}
        aria-invalid={faultId !== undefined}
        aria-describedby={[faultId, hintId].filter(Boolean).join(" ")}
        spellcheck={false}
        autocapitalize="off"
        rows={Math.min(16, Math.max(rows, text.split("\n").length))}
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
        onScroll={({ currentTarget }) => {
          colours.current?.scrollTo(currentTarget.scrollLeft, currentTarget.scrollTop);
        }}
      />
    </div>
  );
}

function Coloured({ text }: { readonly text: string }) {
  const tokens = tokensOf(text);
  return (
    <>
      {tokens.map((token, index) => (
        <span key={token.at} data-token={isKey(tokens, index) ? "key" : token.kind}>
          {token.text}
        </span>
      ))}
      {/* A pre swallows its last line break; the text area does not. */}
      {"\n"}
    </>
  );
}
