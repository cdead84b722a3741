/**
 * Recognises Blazor Server's hub where no handshake names `blazorpack`. Small, because the live client carries it too.
 *
 * @module
 */
import type { MessageHead } from "../hub-message.ts";
import type { Direction } from "../payload.ts";

/**
 * What the page calls, and no other page. Left out are names that any hub may have: one for maps has
 * `OnLocationChanged` as well.
 */
const PAGE_CALLS =
  /^(?:(?:Start|Connect|Pause|Resume)Circuit|UpdateRootComponents|BeginInvokeDotNetFromJS|EndInvokeJSFromDotNet|ReceiveJSDataChunk|SendDotNetStreamToJS|OnRenderCompleted|DispatchBrowserEvent)$/i;

/** What the hub calls. */
const HUB_CALLS =
  /^JS\.(?:AttachComponent|BeginInvokeJS|EndInvokeDotNet|ReceiveByteArray|BeginTransmitStream|RenderBatch|EndUpdateRootComponents|EndLocationChanging|SavePersistedState|RequestPause|Error)$/i;

/** True for a call that only Blazor Server's page or hub makes, in the direction in which it makes it. */
export function isBlazorCall(direction: Direction, head: MessageHead): boolean {
  if (head.kind !== "invocation" && head.kind !== "stream-invocation") return false;
  return (direction === "out" ? PAGE_CALLS : HUB_CALLS).test(head.target);
}

/** True for the address of Blazor Server's hub: the path ends in `/_blazor`, as servers match it, without case. */
export function isBlazorUrl(url: string): boolean {
  const [path = ""] = url.split(/[?#]/, 1);
  return /\/_blazor\/?$/i.test(path);
}
