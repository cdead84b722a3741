import type { BrowserKind } from "../support/browsers.ts";

/** Where `wpt serve` is, unless its configuration says otherwise. */
export const WPT_ORIGINS = {
  http: "http://web-platform.test:8000",
  https: "https://web-platform.test:8443",
} as const;

const HOSTS = ["web-platform.test", "not-web-platform.test"] as const;
/** Of its last two the names are written in Chinese and in French. */
const SUBDOMAINS = ["www", "www1", "www2", "xn--n8j6ds53lwwkrqhv28a", "xn--lve-6lad"] as const;

/** Match patterns of an extension. */
export const WPT_PATTERNS: readonly string[] = HOSTS.map((host) => `*://*.${host}/*`);

/** Command line arguments (Chromium) or preferences (Firefox) that lead the names to this machine, without `/etc/hosts`. */
export function wptFlags(browser: BrowserKind): readonly string[] {
  return browser === "chromium" ? chromiumFlags() : firefoxFlags();
}

function chromiumFlags(): readonly string[] {
  const here = HOSTS.flatMap((host) => [`MAP ${host} 127.0.0.1`, `MAP *.${host} 127.0.0.1`]);
  const rules = ["MAP nonexistent.* ^NOTFOUND", ...here];
  return [
    `--host-resolver-rules=${rules.join(", ")}`,
    "--disable-popup-blocking",
    "--autoplay-policy=no-user-gesture-required",
  ];
}

function firefoxFlags(): readonly string[] {
  const subdomains = SUBDOMAINS.flatMap((name) => [name, ...SUBDOMAINS.map((of) => `${name}.${of}`)]);
  const names = HOSTS.flatMap((host) => [host, ...subdomains.map((name) => `${name}.${host}`)]);
  return [
    `network.dns.localDomains=${JSON.stringify(names.join(","))}`,
    // Windows that a script opens, many of them and without a click.
    "dom.disable_open_during_load=false",
    "dom.popup_maximum=-1",
    // A test that is not in front is not to wait longer.
    "dom.min_background_timeout_value=4",
    "network.websocket.delay-failed-reconnects=false",
  ];
}
