// PostgreSQL's frontend/backend protocol 3.0 ("Message Formats" in its manual), as far as telling messages apart needs it.

const LENGTH_BYTES = 4;
const HEADER_BYTES = 1 + LENGTH_BYTES;
const SSL_REQUEST = 80_877_103;
const GSS_ENCRYPTION_REQUEST = 80_877_104;
/** Names of statements and portals are identifiers of at most 63 bytes; a Bind begins with one of each. */
const BIND_NAMES_BYTES = 2 * 64;

/** A message's type byte, and of its body what the reader of its stream was told to wait for. */
export type WireMessage = { type: string; body: Buffer };

/** What to pass on as it is, and the message that begins (or ends: see WireReader) right behind it. */
export type WirePiece = { bytes: Buffer; mark: WireMessage | null };

/** How a stream of messages is cut: at the begin or the end of those of some types. */
export type WireCut = {
  at: 'BEGIN' | 'END';
  types: string;
  /** How much of a body must be here before its message begins; `length` is the whole body's. */
  needs: (type: string, length: number) => number;
};

/** Cut where whatever is answered by a ReadyForQuery may begin: texts of statements whole, of Bind the names. */
export const FRONTEND_CUT: WireCut = {
  at: 'BEGIN',
  types: 'QPBEDCHSF',
  needs: (type, length) =>
    type === 'Q' || type === 'P' ? length : type === 'B' ? Math.min(length, BIND_NAMES_BYTES) : 0,
};
/** Cut where ReadyForQuery has ended, or the server waits for the client's data (CopyInResponse, CopyBothResponse). */
export const BACKEND_CUT: WireCut = {
  at: 'END',
  types: 'ZGW',
  needs: (type, length) => (type === 'Z' ? length : 0),
};

/** Cuts a stream of typed messages; copies only where the begin of a message came in several packets. */
export class WireReader {
  readonly #cut: WireCut;
  /** Bytes of the current message that have not arrived yet. */
  #left = 0;
  #ending: WireMessage | null = null;
  #waiting: Buffer[] = [];
  #waitingFor = 0;

  constructor(cut: WireCut) {
    this.#cut = cut;
  }

  /** Takes what has arrived and gives what of it may be passed on, in order. */
  *read(arrived: Buffer): Generator<WirePiece> {
    const data = this.#gather(arrived);
    if (data === null) return;
    let start = 0;
    let position = 0;
    while (position < data.length) {
      if (this.#left === 0) {
        const message = this.#begin(data, position);
        if (message === null) break;
        if (this.#cut.types.includes(message.type)) {
          if (this.#cut.at === 'END') this.#ending = message;
          else {
            yield { bytes: data.subarray(start, position), mark: message };
            start = position;
          }
        }
      }
      const taken = Math.min(this.#left, data.length - position);
      position += taken;
      this.#left -= taken;
      if (this.#left === 0 && this.#ending !== null) {
        yield { bytes: data.subarray(start, position), mark: this.#ending };
        this.#ending = null;
        start = position;
      }
    }
    if (position > start) yield { bytes: data.subarray(start, position), mark: null };
  }

  #gather(arrived: Buffer): Buffer | null {
    if (this.#waiting.length === 0) return arrived;
    this.#waiting.push(arrived);
    if (this.#waiting.reduce((sum, { length }) => sum + length, 0) < this.#waitingFor) return null;
    const data = Buffer.concat(this.#waiting);
    this.#waiting = [];
    return data;
  }

  /** The message at a position; null, and remembered, when too little of it is here. */
  #begin(data: Buffer, position: number): WireMessage | null {
    const here = data.length - position;
    const length = here < HEADER_BYTES ? null : data.readUInt32BE(position + 1);
    const type = String.fromCharCode(data[position] ?? 0);
    const needed = length === null ? 0 : this.#cut.needs(type, length - LENGTH_BYTES);
    if (length === null || here < HEADER_BYTES + needed) {
      this.#waiting = [data.subarray(position)];
      this.#waitingFor = HEADER_BYTES + needed;
      return null;
    }
    this.#left = 1 + length;
    const body = position + HEADER_BYTES;
    return { type, body: data.subarray(body, body + needed) };
  }
}

/** The untyped first message of a client; null when it is not all here. */
export function readStartup(data: Buffer): { bytes: number; asksForEncryption: boolean } | null {
  if (data.length < 2 * LENGTH_BYTES) return null;
  const bytes = data.readUInt32BE(0);
  const code = data.readUInt32BE(LENGTH_BYTES);
  if (data.length < bytes) return null;
  return { bytes, asksForEncryption: code === SSL_REQUEST || code === GSS_ENCRYPTION_REQUEST };
}

/** The zero-terminated strings at the begin of a message's body. */
export function readStrings(body: Buffer, count: number): string[] {
  const strings: string[] = [];
  let start = 0;
  for (let index = 0; index < count; index += 1) {
    const end = body.indexOf(0, start);
    strings.push(body.toString('utf8', start, end < 0 ? body.length : end));
    start = end + 1;
  }
  return strings;
}
