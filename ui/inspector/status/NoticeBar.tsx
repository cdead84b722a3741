import type { Notice } from "../notice.ts";

/** One sentence above the log, and its next step. */
export function NoticeBar({ notice }: { readonly notice: Notice }) {
  const { sentence, action, otherAction, tone = "info" } = notice;
  return (
    <div class={`notice ${tone}`} role="status">
      <span>{sentence}</span>
      {[action, otherAction].map((step) =>
        step === undefined ? null : (
          <button key={step.label} type="button" class="push" onClick={step.run}>
            {step.label}
          </button>
        ),
      )}
    </div>
  );
}
