// The same values in the two forms that the server takes: System.Text.Json's, and MessagePack's.

const MOMENT = new Date("2024-02-29T12:34:56.789Z");
const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);

export function valuesFor(protocol) {
  return protocol === "messagepack" ? messagePackValues : jsonValues;
}

const jsonValues = {
  decimal: 79228162514264.34,
  dateTime: MOMENT.toISOString(),
  dateTimeOffset: "2024-02-29T18:04:56.789+05:30",
  timeSpan: "1.02:03:04.0050000",
  bytes: btoa(String.fromCharCode(...BYTES)),
  enumeration: 4,
  order: {
    id: 7,
    customer: "Grace",
    total: 12.5,
    delivery: 4,
    placedAt: MOMENT.toISOString(),
    lines: [{ product: "tea", quantity: 2, unitPrice: 3.25 }],
    shipTo: { street: "1 Loop Back", city: "Localhost", country: null },
    notes: { gift: "yes" },
  },
  bytesOf: (length) => btoa("x".repeat(length)),
};

const messagePackValues = {
  decimal: "79228162514264337593543950335",
  dateTime: MOMENT,
  dateTimeOffset: [MOMENT, 330],
  timeSpan: 937840050000,
  bytes: BYTES,
  enumeration: "Friday",
  order: {
    Id: 7,
    Customer: "Grace",
    Total: "12.5",
    Delivery: "Friday",
    PlacedAt: MOMENT,
    Lines: [{ Product: "tea", Quantity: 2, UnitPrice: 3.25 }],
    ShipTo: { Street: "1 Loop Back", City: "Localhost", Country: null },
    Notes: { gift: "yes" },
  },
  bytesOf: (length) => new Uint8Array(length).fill(120),
};
