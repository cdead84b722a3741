/**
 * Devtools may be dark in a light browser, and the other way round. Chromium names its light theme "default"; Firefox
 * has further names, which follow the browser.
 */
export function themeOf(devtoolsTheme: string): "light" | "dark" | undefined {
  switch (devtoolsTheme) {
    case "dark":
      return "dark";
    case "default":
    case "light":
      return "light";
    default:
      return undefined;
  }
}
