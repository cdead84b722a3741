import type { Notice } from "../notice.ts";

/** One sentence above the log, and its next step. */
export function NoticeBar({ notice }: { readonly notice: Notice }) {
  const { sentence, action, tone = "info" } = notice;
  return (
    <div class={`notice ${tone}`} role="status">
      <span>{sentence}</span>
      {action === undefined ? null : (
        <button type="button" class="push" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
