// The part of saxen that is used here; the package has no types of its own.
declare module 'saxen' {
  type Decode = (text: string) => string;
  export class Parser {
    on(
      event: 'openTag',
      handler: (name: string, attributes: () => Record<string, string>, decode: Decode) => void,
    ): Parser;
    on(event: 'closeTag', handler: (name: string) => void): Parser;
    on(event: 'text', handler: (text: string, decode: Decode) => void): Parser;
    on(event: 'cdata', handler: (text: string) => void): Parser;
    on(event: 'error', handler: (error: Error) => void): Parser;
    parse(xml: string): void;
  }
}
