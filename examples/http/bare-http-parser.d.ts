/** As much as is used here of a package that has no types of its own. */
declare module "bare-http-parser" {
  namespace HttpParser {
    type Headers = Readonly<Record<string, string | undefined>>;
    interface Request {
      readonly type: 1;
      readonly version: "HTTP/1.0" | "HTTP/1.1";
      readonly method: string;
      readonly url: string;
      readonly headers: Headers;
    }
    interface Response {
      readonly type: 2;
      readonly version: "HTTP/1.0" | "HTTP/1.1";
      readonly code: number;
      readonly reason: string;
      readonly headers: Headers;
    }
    type Event = Request | Response | { readonly type: 3; readonly data: Uint8Array } | { readonly type: 4 };
  }

  class HttpParser {
    static readonly constants: {
      readonly REQUEST: 1;
      readonly RESPONSE: 2;
      readonly DATA: 3;
      readonly END: 4;
    };
    constructor(options?: { maxHeaderSize?: number; maxHeadersCount?: number });
    /** The next response has no body, whatever it says: it answers a HEAD. */
    skipBody(): void;
    /** Parses as far as one asks for events; throws errors with a `code`. */
    push(data: Uint8Array): Generator<HttpParser.Event>;
    end(): Generator<HttpParser.Event>;
  }
  export = HttpParser;
}
