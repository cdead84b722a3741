// Runs in a page of the browser's own: opens each test in a window, as wptrunner does, and takes what testharness.js
// tells its opener. Works with an unchanged checkout, and with any suite that stands on testharness.js.
(() => {
  const FEATURES = "width=800,height=600";
  const HARNESS = ["OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED"];
  const SUBTEST = ["PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED"];
  const state = { results: [], isOver: false };
  window.wptRun = state;

  const outcomeIn = (opened, limit) =>
    new Promise((resolve) => {
      const end = (outcome) => {
        clearTimeout(timer);
        removeEventListener("message", listen);
        resolve(outcome);
      };
      let hasStarted = false;
      const timer = setTimeout(() => end({ status: "NO RESULT", message: null, subtests: [] }), limit);
      const listen = ({ source, data }) => {
        if (source !== opened.window || typeof data !== "object" || data === null) return;
        // What completes without having started is the test before in this window, which was given up.
        if (data.type !== "complete") hasStarted = true;
        else if (hasStarted)
          end({
            status: HARNESS[data.status.status] ?? String(data.status.status),
            message: data.status.message ?? null,
            subtests: data.tests.map(({ name, status, message }) => ({
              name,
              status: SUBTEST[status] ?? String(status),
              message: message ?? null,
            })),
          });
      };
      addEventListener("message", listen);
      opened.start();
    });

  window.runWpt = async (tests, { origins, atOnce, keepsWindow, patience }) => {
    const urlOf = ({ path }) =>
      `${/\.https\.|[?&]wpt_flags=https/.test(path) ? origins.https : origins.http}${path}`;
    let next = 0;

    const runSome = async (_none, lane) => {
      const opened = { window: null, start: undefined };
      while (next < tests.length) {
        const test = tests[next++];
        const url = urlOf(test);
        opened.start = () => {
          if (keepsWindow && opened.window?.closed === false) opened.window.location = url;
          else opened.window = open(url, keepsWindow ? `wpt${lane}` : "_blank", FEATURES);
        };
        const begun = performance.now();
        const outcome = await outcomeIn(opened, (test.isLong ? 60_000 : 10_000) + patience);
        if (!keepsWindow) opened.window?.close();
        const milliseconds = Math.round(performance.now() - begun);
        state.results.push({ path: test.path, ...outcome, milliseconds });
      }
    };

    await Promise.all(Array.from({ length: atOnce }, runSome));
    state.isOver = true;
  };
})();
