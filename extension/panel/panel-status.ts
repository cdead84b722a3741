/** Whether the inspected page is being recorded, and if not, why. */
export type PanelStatus =
  | { readonly kind: "starting" }
  /** `isLate`: the page had begun before, and what it had open then is not seen. */
  | { readonly kind: "recording"; readonly url: string; readonly isLate?: true }
  /** The site may not be read until the user says so. */
  | { readonly kind: "not-granted"; readonly url: string }
  /** The user has switched recording of this origin off. Nothing of the page is recorded, by whatever source. */
  | { readonly kind: "switched-off"; readonly url: string }
  | { readonly kind: "cannot-record"; readonly reason: "browser-page" | "not-a-web-page" }
  /** The page was loaded before this extension (or this version of it) was there: only a reload helps. */
  | { readonly kind: "orphaned"; readonly url: string }
  /** The extension was reloaded, updated or removed under this panel: it hears nothing any more. */
  | { readonly kind: "superseded" };
