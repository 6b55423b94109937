// Room: rules. What Japan Post's postal data says about an address: which part its postal code covers, and whether the
// two agree. Source: 郵便番号データの説明 (utf_ken_all.csv, JIGYOSYO.CSV).
import type { Address } from './member.ts';

/** One row of utf_ken_all.csv, as far as addresses need it. */
export interface PostalDistrict {
  readonly postalCode: string;
  readonly prefecture: string;
  readonly city: string;
  /** 町域名 as the data writes it, notes in （…） included. */
  readonly town: string;
}

/** One row of JIGYOSYO.CSV: a postal code of one office (大口事業所) or of a post office's boxes (私書箱). */
export interface PostalOffice {
  readonly postalCode: string;
  readonly prefecture: string;
  readonly city: string;
}

export type PostalCheck =
  | 'matches'
  /** The code is in neither file. */
  | 'unknown-code'
  | 'other-prefecture'
  | 'other-city'
  | 'other-town';

const PREFECTURE = /^(東京都|北海道|(?:京都|大阪)府|.{2,3}県)/;

/** The town a row names, or '' where it names none (以下に掲載がない場合, の次に番地がくる場合, 〇〇一円). */
export function townOf(district: PostalDistrict): string {
  const town = district.town.replace(/（.*$/, '');
  if (town === '以下に掲載がない場合' || town.endsWith('の次に番地がくる場合')) return '';
  // 一円 alone is the name of a town (滋賀県犬上郡多賀町一円).
  if (town !== '一円' && town.endsWith('一円')) return '';
  return town;
}

/** The postal data, by code. */
export class PostalMaster {
  readonly #districts = new Map<string, PostalDistrict[]>();
  readonly #offices = new Map<string, PostalOffice>();

  constructor(districts: Iterable<PostalDistrict>, offices: Iterable<PostalOffice> = []) {
    for (const district of districts) {
      const known = this.#districts.get(district.postalCode);
      if (known) known.push(district);
      else this.#districts.set(district.postalCode, [district]);
    }
    for (const office of offices) this.#offices.set(office.postalCode, office);
  }

  /** True for a code that is one office's own: the barcode then holds the code alone. */
  isOffice(postalCode: string): boolean {
    return this.#offices.has(postalCode);
  }

  /** True for a code that names no district (以下に掲載がない場合): no barcode may be printed (マニュアル p18). */
  namesNoDistrict(postalCode: string): boolean {
    return this.#districts.get(postalCode)?.some((district) => district.town === '以下に掲載がない場合') ?? false;
  }

  /**
   * The address without the part its postal code covers (住所B), or null where the two do not agree.
   * The line may leave the prefecture out; width, spaces, 大字・字, ヶ・ケ and numerals before 丁目・条 may differ.
   */
  beyondDistrict(address: Pick<Address, 'postalCode' | 'line'>): string | null {
    const { text, ends } = foldWithPlaces(address.line);
    let covered = 0;
    for (const district of this.#districts.get(address.postalCode) ?? []) {
      const town = townOf(district);
      const cities = [district.city, withoutCounty(district.city)];
      for (const start of cities.flatMap((city) => [district.prefecture + city, city])) {
        const folded = foldWithPlaces(start + town).text;
        if (text.startsWith(folded)) covered = Math.max(covered, folded.length);
      }
    }
    return covered === 0 ? null : address.line.slice(ends[covered - 1]);
  }

  /** Whether an address and its postal code agree, and if not, from where on. */
  check(address: Pick<Address, 'postalCode' | 'line'>): PostalCheck {
    const places: readonly { prefecture: string; city: string }[] = [
      ...(this.#districts.get(address.postalCode) ?? []),
      ...(this.#offices.has(address.postalCode) ? [this.#offices.get(address.postalCode) as PostalOffice] : []),
    ];
    if (places.length === 0) return 'unknown-code';
    const line = foldWithPlaces(address.line).text;
    const prefecture = PREFECTURE.exec(line)?.[1];
    if (prefecture !== undefined && places.every((place) => foldWithPlaces(place.prefecture).text !== prefecture))
      return 'other-prefecture';
    const rest = prefecture === undefined ? line : line.slice(prefecture.length);
    const inCity = places.filter((place) => startsWithCity(rest, place.city));
    if (inCity.length === 0) return 'other-city';
    if (this.#offices.has(address.postalCode)) return 'matches';
    return this.beyondDistrict(address) === null && !this.#mayLackTown(address.postalCode) ? 'other-town' : 'matches';
  }

  #mayLackTown(postalCode: string): boolean {
    return this.#districts.get(postalCode)?.some((district) => townOf(district) === '') ?? false;
  }
}

/** A county may be left out: 犬上郡多賀町 is often written 多賀町. */
function withoutCounty(city: string): string {
  return city.replace(/^.+?郡(?=.)/, '');
}

function startsWithCity(rest: string, city: string): boolean {
  return [city, withoutCounty(city)].some((name) => rest.startsWith(foldWithPlaces(name).text));
}

const NUMERALS = '〇一二三四五六七八九';

/**
 * Text under which two spellings of an address agree, and for each of its characters where its original ends.
 * Full width becomes half width; spaces, 大字 and 字 go; ヶ, が, ガ count as ケ; ノ, 之 as の; numerals as digits.
 */
function foldWithPlaces(source: string): { text: string; ends: number[] } {
  let text = '';
  const ends: number[] = [];
  for (let i = 0; i < source.length; i++) {
    let c = source[i] as string;
    if (/[\s\u3000]/.test(c)) continue;
    if (c === '大' && source[i + 1] === '字') continue;
    if (c === '字') continue;
    const code = c.charCodeAt(0);
    if (code >= 0xff01 && code <= 0xff5e) c = String.fromCharCode(code - 0xfee0);
    else if ('ヶケがガ'.includes(c)) c = 'ケ';
    else if ('ノ之乃'.includes(c)) c = 'の';
    else if (NUMERALS.includes(c)) c = String(NUMERALS.indexOf(c));
    text += c;
    ends.push(i + 1);
  }
  return { text, ends };
}
