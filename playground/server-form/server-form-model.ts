import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { HubProtocolName } from "../../core/src/wire/hub-codec.ts";
import { isBoolean, keptSignal, type PreferenceStore } from "../../ui/inspector/preferences.ts";
import type { ConnectionTarget } from "../connection/connection-model.ts";
import { withoutSecrets } from "./without-secrets.ts";

export type Authorisation = "none" | "token";

/** What the user says of their server. The token is never kept. */
export interface ServerFormModel {
  readonly address: ReadonlySignal<string>;
  readonly protocol: ReadonlySignal<HubProtocolName>;
  readonly authorisation: ReadonlySignal<Authorisation>;
  readonly token: ReadonlySignal<string>;
  readonly skipNegotiation: ReadonlySignal<boolean>;
  readonly withCredentials: ReadonlySignal<boolean>;
  readonly target: ReadonlySignal<ConnectionTarget>;
  setAddress(address: string): void;
  setProtocol(protocol: HubProtocolName): void;
  setAuthorisation(authorisation: Authorisation): void;
  setToken(token: string): void;
  setSkipNegotiation(skip: boolean): void;
  setWithCredentials(send: boolean): void;
}

export const isProtocol = (value: unknown): value is HubProtocolName =>
  value === "json" || value === "messagepack";
export const isText = (value: unknown): value is string => typeof value === "string";

export function createServerFormModel(preferences: PreferenceStore, offeredAddress = ""): ServerFormModel {
  const kept = keptSignal(preferences, "server.address", "", isText);
  const address = signal(offeredAddress || kept.value);
  effect(() => {
    kept.value = withoutSecrets(address.value);
  });
  const protocol = keptSignal<HubProtocolName>(preferences, "server.protocol", "json", isProtocol);
  const skipNegotiation = keptSignal(preferences, "server.skip-negotiation", false, isBoolean);
  const withCredentials = keptSignal(preferences, "server.send-cookies", true, isBoolean);
  const authorisation = signal<Authorisation>("none");
  const token = signal("");

  return {
    address,
    protocol,
    authorisation,
    token,
    skipNegotiation,
    withCredentials,
    target: computed(() => ({
      url: address.value.trim(),
      protocol: protocol.value,
      skipNegotiation: skipNegotiation.value,
      withCredentials: withCredentials.value,
      ...(authorisation.value === "token" && token.value.trim() !== ""
        ? { accessToken: token.value.trim() }
        : {}),
    })),
    setAddress: (value) => {
      address.value = value;
    },
    setProtocol: (value) => {
      protocol.value = value;
    },
    setAuthorisation: (value) => {
      authorisation.value = value;
    },
    setToken: (value) => {
      token.value = value;
    },
    setSkipNegotiation: (value) => {
      skipNegotiation.value = value;
    },
    setWithCredentials: (value) => {
      withCredentials.value = value;
    },
  };
}
