/**
 * The methods of Blazor Server's hub and of its client, with the argument lists that they had. ASP.NET Core,
 * `ComponentHub`, `RemoteJSRuntime`, `CircuitManager.ts`; PROTOCOLS.md has the table.
 *
 * @module
 */

/** Who calls: the page's script, or the hub. */
export type BlazorSender = "client" | "server";

/** A parameter by the name that the ASP.NET Core sources give it, and how to read it. */
export interface BlazorParameter {
  readonly name: string;
  /**
   * "json": a text that holds JSON. "text", "bytes", "number" (integers, whatever their width), "flag": as it is.
   * "secret": a text that lets its holder into the circuit, or has its state. "result-type" and "call-type": numbers with a name.
   */
  readonly kind: "json" | "text" | "bytes" | "number" | "flag" | "secret" | "result-type" | "call-type";
}

/** The parameters of a method in a range of .NET versions. */
export interface BlazorSignature {
  readonly parameters: readonly BlazorParameter[];
  /** The versions of .NET that have it: from the first number up to the second, or to the newest known. */
  readonly since: number;
  readonly until?: number;
}

/** A method that Blazor Server's hub or page has, in all versions known to us. */
export interface BlazorMethod {
  readonly target: string;
  readonly sender: BlazorSender;
  /** Newest first. */
  readonly signatures: readonly BlazorSignature[];
}

/** `secret:secret uris:json` and so on; a name alone is a text. */
function parameters(text: string): readonly BlazorParameter[] {
  if (text === "") return [];
  return text.split(" ").map((item) => {
    const [name = "", kind = "text"] = item.split(":");
    return { name, kind: kind as BlazorParameter["kind"] };
  });
}

function method(
  sender: BlazorSender,
  target: string,
  ...signatures: readonly (readonly [parameters: string, since: number, until?: number])[]
): BlazorMethod {
  return {
    target,
    sender,
    signatures: signatures.map(([text, since, until]) => ({
      parameters: parameters(text),
      since,
      ...(until === undefined ? undefined : { until }),
    })),
  };
}

export const BLAZOR_METHODS: readonly BlazorMethod[] = [
  method(
    "client",
    "StartCircuit",
    ["baseUri uri componentRecords:json applicationState:secret", 6],
    ["baseUri uri componentRecords:json", 3, 5],
  ),
  method("client", "ConnectCircuit", ["secret:secret", 3]),
  method("client", "PauseCircuit", ["", 10]),
  method("client", "ResumeCircuit", [
    "secret:secret baseUri uri rootComponents:json applicationState:secret",
    10,
  ]),
  method("client", "UpdateRootComponents", ["operations:json applicationState:secret", 8]),
  method("client", "BeginInvokeDotNetFromJS", [
    "callId assembly method dotNetObjectId:number arguments:json",
    3,
  ]),
  method("client", "EndInvokeJSFromDotNet", ["asyncHandle:number succeeded:flag result:json", 3]),
  method("client", "ReceiveByteArray", ["id:number bytes:bytes", 6]),
  method("client", "ReceiveJSDataChunk", ["streamId:number chunkId:number bytes:bytes error", 6]),
  method("client", "SendDotNetStreamToJS", ["streamId:number", 6]),
  method("client", "OnRenderCompleted", ["batchId:number error", 3]),
  method("client", "OnLocationChanged", ["uri state intercepted:flag", 7], ["uri intercepted:flag", 3, 6]),
  method("client", "OnLocationChanging", ["callId:number uri state intercepted:flag", 7]),
  method("client", "DispatchBrowserEvent", ["descriptor:json arguments:json", 3, 5]),
  method("server", "JS.AttachComponent", ["componentId:number selector", 3]),
  method(
    "server",
    "JS.BeginInvokeJS",
    [
      "asyncHandle:number identifier arguments:json resultType:result-type targetInstanceId:number callType:call-type",
      10,
    ],
    ["asyncHandle:number identifier arguments:json resultType:result-type targetInstanceId:number", 5, 9],
    ["asyncHandle:number identifier arguments:json", 3, 3],
  ),
  method("server", "JS.EndInvokeDotNet", ["callId succeeded:flag result:json", 5], ["result:json", 3, 3]),
  method("server", "JS.ReceiveByteArray", ["id:number bytes:bytes", 6]),
  method("server", "JS.BeginTransmitStream", ["streamId:number", 6]),
  method("server", "JS.RenderBatch", ["batchId:number batch:bytes", 3]),
  method("server", "JS.EndUpdateRootComponents", ["batchId:number", 8]),
  method("server", "JS.EndLocationChanging", ["callId:number shouldContinue:flag", 7]),
  method("server", "JS.SavePersistedState", ["circuitId:secret components:json applicationState:secret", 10]),
  method("server", "JS.RequestPause", ["", 11]),
  method("server", "JS.Error", ["message", 3]),
];

const BY_TARGET: ReadonlyMap<string, BlazorMethod> = new Map(
  BLAZOR_METHODS.map((one) => [one.target.toLowerCase(), one]),
);

/** Names are compared without case, as both ends do. */
export function blazorMethodOf(target: string): BlazorMethod | undefined {
  return BY_TARGET.get(target.toLowerCase());
}

export const RESULT_TYPES: readonly string[] = [
  "Default",
  "JSObjectReference",
  "JSStreamReference",
  "JSVoidResult",
];

/** 0 does not occur. */
export const CALL_TYPES: readonly (string | undefined)[] = [
  undefined,
  "FunctionCall",
  "ConstructorCall",
  "GetValue",
  "SetValue",
];
