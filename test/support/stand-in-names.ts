/** A function of the window, given by the test, that takes one event as JSON. */
export const REPORT_BINDING = "hubscopeTestReport";
/** An event of the document, whose detail goes to the hook as a message of the relay. */
export const TELL_HOOK = "hubscope-test:tell";
/** Of the page's storage: the last events of each document that has said its end, a line each. */
export const LAST_WORDS = "hubscope-test:last-words";
