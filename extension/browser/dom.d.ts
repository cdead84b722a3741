/** Chromium; absent where the browser does not prerender. */
interface Document {
  readonly prerendering?: boolean;
}
