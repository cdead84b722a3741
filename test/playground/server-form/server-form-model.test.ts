import { describe, expect, test } from "vitest";
import { offeredAddress } from "../../../playground/offered-address.ts";
import { createServerFormModel } from "../../../playground/server-form/server-form-model.ts";
import { withoutSecrets } from "../../../playground/server-form/without-secrets.ts";
import { sessionPreferences } from "../../../playground/session-preferences.ts";
import { memoryPreferences } from "../../../ui/inspector/preferences.ts";

describe("what is kept of the user's server", () => {
  test("is address, protocol and options, and never a token", () => {
    const kept = new Map<string, string>();
    const preferences = {
      read: (name: string) => kept.get(name),
      write: (name: string, value: string) => void kept.set(name, value),
    };
    const form = createServerFormModel(preferences);
    form.setAddress("https://hub.test/hub?access_token=SECRET&room=7");
    form.setProtocol("messagepack");
    form.setAuthorisation("token");
    form.setToken("SECRET");
    form.setSkipNegotiation(true);
    form.setWithCredentials(false);
    expect([...kept.values()].join("\n")).not.toContain("SECRET");
    const again = createServerFormModel(preferences);
    expect(again.target.value).toEqual({
      url: "https://hub.test/hub?room=7",
      protocol: "messagepack",
      skipNegotiation: true,
      withCredentials: false,
    });
  });

  test("a token that is empty is no token", () => {
    const form = createServerFormModel(memoryPreferences());
    form.setAuthorisation("token");
    expect(form.target.value).not.toHaveProperty("accessToken");
    form.setToken(" abc ");
    expect(form.target.value.accessToken).toBe("abc");
  });

  test("an address that a link offers comes before the one that was kept", () => {
    const form = createServerFormModel(memoryPreferences(), "http://127.0.0.1:5177/demo/hub");
    expect(form.address.value).toBe("http://127.0.0.1:5177/demo/hub");
  });

  test.for([
    ["https://a.test/hub?room=7", "https://a.test/hub?room=7"],
    ["https://a.test/hub?ACCESS_TOKEN=x", "https://a.test/hub"],
    ["https://user:pass@a.test/hub", "https://a.test/hub"],
    ["localhost:5000/hub?token=x", "localhost:5000/hub?"],
    ["//a.test/hub?token=x", "//a.test/hub"],
    ["half typed", "half typed"],
  ] as const)("%s is kept as %s", ([address, expected]) => {
    expect(withoutSecrets(address).replace(/\?$/, "")).toBe(expected.replace(/\?$/, ""));
  });

  test("a browser that refuses storage costs the memory and nothing else", () => {
    const preferences = sessionPreferences(() => {
      throw new DOMException("denied", "SecurityError");
    });
    preferences.write("a", "1");
    expect(preferences.read("a")).toBeUndefined();
  });
});

test("the fragment of a link may offer an address", () => {
  expect(offeredAddress("#server=http%3A%2F%2F127.0.0.1%3A5177%2Fdemo%2Fhub")).toBe(
    "http://127.0.0.1:5177/demo/hub",
  );
  expect(offeredAddress("#other=1")).toBeUndefined();
  expect(offeredAddress("")).toBeUndefined();
});
