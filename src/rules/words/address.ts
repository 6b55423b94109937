// Room: rules. The address every other room passes around.

/** 郵便番号・住所・方書. `line` is never empty; `postalCode` is seven digits or ''. */
export interface Address {
  readonly postalCode: string;
  readonly line: string;
  readonly building: string;
}
