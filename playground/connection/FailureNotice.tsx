import type { Failure } from "./failure.ts";
import "./connection.css";

/** Why there is no connection, and what to do. */
export function FailureNotice({ failure }: { readonly failure: Failure }) {
  return (
    <div class="pg-failure" role="alert">
      <p>
        <b>{failure.what}</b> {failure.next}
      </p>
      {failure.detail ? <p class="pg-failure-detail">{failure.detail}</p> : null}
    </div>
  );
}
