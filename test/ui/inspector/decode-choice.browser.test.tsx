import { afterEach, describe, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { guessedSession } from "../support/guessed-session.ts";
import { type Mounted, mountInspector } from "../support/mount.tsx";

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.unmount();
  mounted = undefined;
});

async function show(size?: { width: number; height: number }) {
  await page.viewport(1280, 800);
  const session = guessedSession();
  mounted = mountInspector(session, undefined, size);
  return { session, model: mounted.model };
}

const options = () => page.getByRole("listbox", { name: "Connections" }).getByRole("option");
const choice = () => page.getByRole("combobox", { name: "Decode as" });
const grid = () => page.getByRole("grid", { name: "Messages" });

describe("a protocol that was guessed", () => {
  test("can be corrected beside the connections, and back", async () => {
    await show({ width: 1200, height: 800 });
    await expect.element(choice()).not.toBeInTheDocument();
    await options().nth(1).click();
    await expect.element(choice()).toHaveValue("messagepack");
    await expect.element(grid()).toHaveTextContent("Tick");
    await userEvent.selectOptions(choice(), "plain");
    await expect.element(choice()).toHaveValue("plain");
    await expect.element(options().nth(1)).toHaveTextContent("no protocol");
    await expect.element(grid()).not.toHaveTextContent("Tick");
    await expect.element(grid()).toHaveTextContent("binary");
    await userEvent.selectOptions(choice(), "messagepack");
    await expect.element(grid()).toHaveTextContent("Tick");
  });

  test("is not offered for one that the handshake has named, but can be asked for with the keyboard", async () => {
    const { session } = await show({ width: 1200, height: 800 });
    await options().nth(2).click();
    await expect.element(choice()).not.toBeInTheDocument();
    page.getByRole("listbox", { name: "Connections" }).element().focus();
    await userEvent.keyboard("{Shift>}{F10}{/Shift}");
    const item = (name: string) => page.getByRole("menuitemcheckbox", { name, exact: true });
    await expect.element(item("Decode as JSON")).toHaveAttribute("aria-checked", "true");
    await expect.element(item("Decode as JSON")).toHaveFocus();
    await userEvent.keyboard("{End}{Enter}");
    await expect.element(page.getByRole("menu")).not.toBeInTheDocument();
    await expect.element(choice()).toHaveValue("plain");
    expect(session.connections[1]?.protocol).toEqual({ name: "plain", guessed: false, chosen: true });
  });

  test("a right click selects the connection and asks for the same", async () => {
    await show({ width: 1200, height: 800 });
    await options().nth(2).click({ button: "right" });
    await expect.element(options().nth(2)).toHaveAttribute("aria-selected", "true");
    await expect.element(page.getByRole("menu", { name: "Decode as" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await expect.element(page.getByRole("menu")).not.toBeInTheDocument();
  });

  test("can be corrected where there is no room for a list", async () => {
    const { model } = await show({ width: 480, height: 800 });
    model.connections.select(model.connections.items.value[0]?.id);
    await expect.element(choice()).toHaveValue("messagepack");
    await userEvent.selectOptions(choice(), "blazorpack");
    await expect.element(choice()).toHaveValue("blazorpack");
  });
});
