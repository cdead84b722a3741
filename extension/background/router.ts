import {
  type FirstGreeting,
  FROM_PANEL,
  FROM_RELAY,
  type FromPanel,
  type FromRelay,
  type Greeting,
  RELAY_PORT,
  type ToPanel,
  type ToRelay,
  tabOfPanelPort,
} from "../channel/messages.ts";
import { createPortChannel, type Port } from "../channel/port.ts";
import { binaryProbe } from "../channel/wire-event.ts";
import { createHeldLine } from "./held-line.ts";

/** Who opened a port, as the browser says. */
export interface PortSender {
  /** The tab whose page the port comes from; undefined for a page of the extension. */
  readonly tab?: number;
  /** The port comes from a page of this very extension. */
  readonly isExtensionPage: boolean;
}

export interface RouterOptions {
  /** May `url`'s site be read? */
  readonly hasAccess: (url: string) => Promise<boolean>;
  /** Asks every relay of the tab to connect. Answers whether the top document has one. */
  readonly watchTab: (tab: number) => Promise<boolean>;
  readonly openGrantPage: (url: string, tab: number) => void;
  /** Has the user switched recording of `url`'s origin off? */
  readonly isSwitchedOff: (url: string) => Promise<boolean>;
  /** Has the user switched off one of the origins? Does not reject. */
  readonly isAnySwitchedOff: (origins: readonly string[]) => Promise<boolean>;
  readonly switchOn: (url: string) => void;
  /** Opens the options page, for `url`'s site where there is one. */
  readonly openOptions: (url: string | undefined) => void;
}

export interface Router {
  accept(port: Port, sender: PortSender): void;
  /** The address that the tab's panel may not read yet. */
  refusedUrl(tab: number): string | undefined;
  /** Access has changed: every panel learns where it stands. */
  surveyAll(): void;
}

interface RelayEnd {
  readonly port: Port;
  /** From the relay's greeting, which is its first message. */
  identity?: Greeting;
}

interface PanelEnd {
  readonly port: Port;
  url?: string;
  refused: boolean;
}

interface Tab {
  panel: PanelEnd | undefined;
  readonly relays: Set<RelayEnd>;
}

/**
 * Pairs the panel of a tab with the relays of its documents. All it knows comes from ports that are open now, so it
 * may be stopped at any moment: whoever loses a port opens another and greets again.
 */
export function createRouter(options: RouterOptions): Router {
  const { hasAccess, watchTab, isSwitchedOff, isAnySwitchedOff } = options;
  const tabs = new Map<number, Tab>();
  const always = new AbortController().signal;

  function tabOf(id: number): Tab {
    const known = tabs.get(id);
    if (known !== undefined) return known;
    const tab: Tab = { panel: undefined, relays: new Set() };
    tabs.set(id, tab);
    return tab;
  }

  function forgetIfEmpty(id: number): void {
    const tab = tabs.get(id);
    if (tab !== undefined && tab.panel === undefined && tab.relays.size === 0) tabs.delete(id);
  }

  function acceptRelay(port: Port, id: number): void {
    const tab = tabOf(id);
    const relay: RelayEnd = { port };
    tab.relays.add(relay);
    const channel = createPortChannel<typeof FROM_RELAY, ToRelay>(port, FROM_RELAY);
    const line = createHeldLine();
    channel.receive((message) => {
      if (message.type === "hello" && message.body.undecidedFor !== undefined)
        line.holdUntil(mayBeRecorded(message.body.undecidedFor));
      line.pass(() => fromRelay(message, relay, tab));
    }, always);
    port.onDisconnect(() => {
      tab.relays.delete(relay);
      line.pass(() => tellOfLoss(relay, tab));
      forgetIfEmpty(id);
    });
  }

  async function mayBeRecorded(origins: readonly string[]): Promise<boolean> {
    return !(await isAnySwitchedOff(origins));
  }

  /** A relay that has opened another port is not gone. */
  function tellOfLoss({ identity }: RelayEnd, { panel, relays }: Tab): void {
    if (panel === undefined || identity === undefined) return;
    const { document } = identity;
    for (const other of relays) if (other.identity?.document === document) return;
    toPanel(panel, { type: "document-disconnected", body: { document } });
  }

  function fromRelay(message: FromRelay, relay: RelayEnd, tab: Tab): void {
    switch (message.type) {
      case "hello":
        relay.identity = greetingOf(message.body);
        if (tab.panel === undefined) toRelay(relay, { type: "unwatched", body: undefined });
        else toPanel(tab.panel, { type: "document-connected", body: relay.identity });
        return;
      case "batch":
      case "piece":
      case "leaving":
      case "act-answered":
      case "fault-struck":
        if (tab.panel !== undefined) toPanel(tab.panel, message);
        return;
      default:
        message satisfies never;
    }
  }

  function acceptPanel(port: Port, id: number): void {
    const tab = tabOf(id);
    const panel: PanelEnd = { port, refused: false };
    // One panel a tab: a newer one has replaced the older, whose end may not be known yet.
    tab.panel?.port.disconnect();
    tab.panel = panel;
    const channel = createPortChannel<typeof FROM_PANEL, ToPanel>(port, FROM_PANEL);
    channel.receive((message) => fromPanel(message, panel, id), always);
    port.onDisconnect(() => {
      if (tab.panel !== panel) return;
      tab.panel = undefined;
      for (const relay of tab.relays) toRelay(relay, { type: "unwatched", body: undefined });
      forgetIfEmpty(id);
    });
    for (const { identity } of tab.relays) {
      if (identity !== undefined) toPanel(panel, { type: "document-connected", body: identity });
    }
  }

  function fromPanel(message: FromPanel, panel: PanelEnd, id: number): void {
    switch (message.type) {
      case "survey":
        panel.url = message.body.url;
        void survey(panel, id);
        return;
      case "resume": {
        const { document, number } = message.body;
        toDocument(id, document, { type: "resume", body: { document, number, probe: binaryProbe() } });
        return;
      }
      case "acknowledge":
      case "act":
        toDocument(id, message.body.document, message);
        return;
      case "keep-alive":
        return;
      case "open-grant-page":
        options.openGrantPage(message.body.url, id);
        return;
      case "switch-on":
        options.switchOn(message.body.url);
        return;
      case "survey-frames":
        void surveyFrames(panel, message.body.urls);
        return;
      case "open-options":
        options.openOptions(message.body.url);
        return;
      default:
        message satisfies never;
    }
  }

  /** A site that the browser cannot name is one that it lets nobody read. */
  async function mayRead(url: string): Promise<boolean> {
    return hasAccess(url).catch(() => false);
  }

  async function survey(panel: PanelEnd, id: number): Promise<void> {
    const { url } = panel;
    if (url === undefined) return;
    const [granted, switchedOff, relay] = await Promise.all([mayRead(url), isSwitchedOff(url), watchTab(id)]);
    panel.refused = !granted;
    toPanel(panel, { type: "access", body: { url, granted, switchedOff, relay } });
  }

  async function surveyFrames(panel: PanelEnd, asked: readonly string[]): Promise<void> {
    const granted = await Promise.all(asked.map(mayRead));
    const refused = asked.filter((_url, at) => granted[at] === false);
    toPanel(panel, { type: "frames-access", body: { asked, refused } });
  }

  function toDocument(id: number, document: string, message: ToRelay): void {
    for (const relay of tabs.get(id)?.relays ?? []) {
      if (relay.identity?.document === document) toRelay(relay, message);
    }
  }

  return {
    accept(port, { tab, isExtensionPage }) {
      const inspected = tabOfPanelPort(port.name);
      if (inspected !== undefined && isExtensionPage) acceptPanel(port, inspected);
      else if (port.name === RELAY_PORT && tab !== undefined) acceptRelay(port, tab);
      else port.disconnect();
    },
    refusedUrl(id) {
      const panel = tabs.get(id)?.panel;
      return panel?.refused === true ? panel.url : undefined;
    },
    surveyAll() {
      for (const [id, { panel }] of tabs) if (panel !== undefined) void survey(panel, id);
    },
  };
}

function greetingOf({ undecidedFor: _decided, ...greeting }: FirstGreeting): Greeting {
  return greeting;
}

function toRelay({ port }: RelayEnd, message: ToRelay): void {
  post(port, message);
}

function toPanel({ port }: PanelEnd, message: ToPanel): void {
  post(port, message);
}

function post(port: Port, message: unknown): void {
  try {
    port.post(message);
  } catch {
    // The other end has gone and its disconnect event is on the way; it asks again for what it missed.
  }
}
