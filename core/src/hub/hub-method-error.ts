/** Thrown by a hub method: its text reaches the caller, as that of a HubException does in ASP.NET Core. */
export class HubMethodError extends Error {
  override readonly name = "HubMethodError";
}
