// Room: rules. What Japan Post's postal data says about an address: which part its postal code covers, and whether the
// two agree. Source: 郵便番号データの説明 (utf_ken_all.csv, JIGYOSYO.CSV).
import type { Address } from './address.ts';
import { KANJI_DIGITS, numeralValue } from './numerals.ts';
import { prefectureOf } from './prefectures.ts';

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

/**
 * The names under which the town of a row stands in addresses; [''] where the row names none (以下に掲載がない場合,
 * 〇〇一円, 〇〇の次に番地がくる場合 where 〇〇 is the municipality). Of 地割, in ranges or lists, the name before the number remains: the number is
 * then part of what follows the district, as in the manual's own 津軽石 第二十一地割.
 */
export function townNames({ city, town }: Pick<PostalDistrict, 'city' | 'town'>): readonly string[] {
  const bare = town.replace(/（.*$/, '');
  // 一円 alone is the name of a town (滋賀県犬上郡多賀町一円).
  if (bare === '以下に掲載がない場合' || /.一円$/.test(bare)) return [''];
  // 境町の次に番地がくる場合 of 猿島郡境町; but 大島町の次に番地がくる場合 of 西海市, where 大島町 is the town.
  const followed = /^(.+)の次に.*がくる場合$/.exec(bare)?.[1];
  if (followed !== undefined) return city.endsWith(followed) ? [''] : [followed];
  const parts = bare.split(/[、〜～]/);
  if (parts.length === 1) return parts;
  return [...new Set(parts.map((part) => part.replace(/第?[0-9０-９]+地割$/, '')))].filter((part) => part !== '');
}

type Addressed = Pick<Address, 'postalCode' | 'line'> & Partial<Pick<Address, 'building'>>;

/** A row as addresses are compared with it: everything folded. */
interface Reading {
  readonly prefecture: string;
  /** With the county and without it: 犬上郡多賀町 is often written 多賀町. */
  readonly cities: readonly string[];
  readonly towns: readonly string[];
  /** The code of a tower's floor: the data writes the building behind the town, addresses write 番地 between them. */
  readonly isFloor: boolean;
  /** 京都市: street names may stand between city and town (下立売通新町西入藪之内町). */
  readonly hasStreets: boolean;
}

const MAX_READINGS = 16_384;

/** The postal data, by code: about 30 MB for the whole country. */
export class PostalMaster {
  readonly #districts = new Map<string, PostalDistrict | PostalDistrict[]>();
  readonly #offices = new Map<string, PostalOffice>();
  /** Made for a code when it is asked for; emptied when full, so that a country's codes do not add up. */
  readonly #readings = new Map<string, readonly Reading[]>();

  constructor(districts: Iterable<PostalDistrict>, offices: Iterable<PostalOffice> = []) {
    for (const district of districts) {
      const known = this.#districts.get(district.postalCode);
      if (known === undefined) this.#districts.set(district.postalCode, district);
      else if (Array.isArray(known)) known.push(district);
      else this.#districts.set(district.postalCode, [known, district]);
    }
    for (const office of offices) this.#offices.set(office.postalCode, office);
  }

  /** The rows of a code; none where the data does not know it. */
  townsOf(postalCode: string): readonly PostalDistrict[] {
    const known = this.#districts.get(postalCode);
    if (known === undefined) return [];
    return Array.isArray(known) ? known : [known];
  }

  /** True for a code that is one office's own: the barcode then holds the code alone. */
  isOffice(postalCode: string): boolean {
    return this.#offices.has(postalCode);
  }

  /** True for a code that names no district (以下に掲載がない場合): no barcode may be printed (マニュアル p18). */
  namesNoDistrict(postalCode: string): boolean {
    return this.townsOf(postalCode).some((district) => district.town === '以下に掲載がない場合');
  }

  /**
   * The line without the part its postal code covers (住所B), or null where the two do not agree.
   * The line may leave out prefecture and county; width, spaces, 大字・字, ヶ・ケ, の・ノ, a few old forms of kanji and
   * numerals (北十一条, 北11条) may differ.
   */
  beyondDistrict(address: Addressed): string | null {
    const { text, ends } = fold(address.line);
    const covered = this.#covered(address, text);
    return covered < 0 ? null : address.line.slice(covered === 0 ? 0 : ends[covered - 1]);
  }

  /** Whether an address and its postal code agree, and if not, from where on. */
  check(address: Addressed): PostalCheck {
    const readings = this.#readingsOf(address.postalCode);
    const office = this.#offices.get(address.postalCode);
    if (readings.length === 0 && office === undefined) return 'unknown-code';
    const line = fold(address.line).text;
    const places = office === undefined ? readings : [...readings, readingOf({ ...office, town: '' })];
    const prefecture = prefectureOf(line);
    if (prefecture !== '' && places.every((place) => place.prefecture !== prefecture)) return 'other-prefecture';
    if (places.every((place) => cityEnd(line, place) < 0)) return 'other-city';
    return office !== undefined || this.#covered(address, line) >= 0 ? 'matches' : 'other-town';
  }

  /**
   * What an address lacks that the data says it must have: the town, where every row of its code names one and the line ends
   * with the city; or the number behind the town. Null where it lacks nothing, or the code is not known or an office's own.
   */
  lacks(address: Addressed): 'town' | 'number' | null {
    const readings = this.#readingsOf(address.postalCode);
    if (readings.length === 0 || this.isOffice(address.postalCode)) return null;
    const line = fold(address.line).text;
    const building = fold(address.building ?? '').text;
    const end = Math.max(...readings.map((reading) => cityEnd(line, reading)));
    if (end < 0) return null;
    const namesTowns = readings.every((reading) => reading.towns.every((town) => town !== ''));
    if (line.length === end) return namesTowns || building === '' ? 'town' : null;
    const covered = this.#covered(address, line);
    if (!namesTowns || covered < 0) return null;
    return NUMBERED.test(line.slice(covered) + building) ? null : 'number';
  }

  /** How many characters of the folded line the code covers (the longest of its rows), -1 = the two do not agree. */
  #covered(address: Addressed, line: string): number {
    let covered = -1;
    for (const reading of this.#readingsOf(address.postalCode)) {
      const from = cityEnd(line, reading);
      if (from < 0) continue;
      for (const town of reading.towns) {
        const end = reading.isFloor
          ? floorTownEnd(line, fold(address.building ?? '').text, from, town)
          : townEnd(line, from, town, reading.hasStreets);
        covered = Math.max(covered, end);
      }
    }
    return covered;
  }

  #readingsOf(postalCode: string): readonly Reading[] {
    let readings = this.#readings.get(postalCode);
    if (readings === undefined) {
      readings = this.townsOf(postalCode).map(readingOf);
      if (this.#readings.size >= MAX_READINGS) this.#readings.clear();
      if (readings.length > 0) this.#readings.set(postalCode, readings);
    }
    return readings;
  }
}

function readingOf(row: Omit<PostalDistrict, 'postalCode'>): Reading {
  return {
    prefecture: fold(row.prefecture).text,
    cities: [...new Set([row.city, row.city.replace(/^.+?郡(?=.)/, '')])].map((city) => fold(city).text),
    towns: townNames(row).map((town) => fold(town).text),
    isFloor: /階(?:・階層不明)?）$/.test(row.town),
    hasStreets: row.city.startsWith('京都市'),
  };
}

/** Where prefecture (if written) and city end in the folded line, -1 = another city. */
function cityEnd(line: string, reading: Reading): number {
  const at = line.startsWith(reading.prefecture) ? reading.prefecture.length : 0;
  const city = reading.cities.find((name) => line.startsWith(name, at));
  return city === undefined ? -1 : at + city.length;
}

function townEnd(line: string, from: number, town: string, hasStreets: boolean): number {
  if (line.startsWith(town, from)) return from + town.length;
  const at = hasStreets ? line.indexOf(town, from) : -1;
  return at < 0 ? -1 : at + town.length;
}

/** 霞が関霞が関ビル covers 霞が関 of 霞が関3-2-5 霞が関ビル1階. */
function floorTownEnd(line: string, building: string, from: number, town: string): number {
  for (let length = town.length; length > 0; length--) {
    const end = from + length;
    const tower = town.slice(length);
    if (line.startsWith(town.slice(0, length), from) && (line.includes(tower, end) || building.includes(tower)))
      return end;
  }
  return -1;
}

/** A number, or the word that there is none (無番地). */
const NUMBERED = /\d|番地|番外/;

/** Spellings that mean one place. Generous: texts are only ever compared with the few towns of one postal code. */
const SAME = new Map<string, string>();
for (const [first = '', ...others] of [
  'ケヶがガヵ箇',
  'のノ之乃',
  'ツッつっ',
  '条條',
  '沢澤',
  '浜濱濵',
  '広廣',
  '国國',
  '竜龍',
  '滝瀧',
  '島嶋嶌',
  '崎﨑嵜',
  '桜櫻',
  '関關',
  '辺邊邉',
  '高髙',
  '薮藪籔',
  '斎齋',
  '栄榮',
  '万萬',
].map((group) => [...group]))
  for (const other of others) SAME.set(other, first);

const DROPPED = /[\s第]/;
/** A number below a hundred, or a digit: 十三一丁目 is 十三 and 一丁目, 二三 a row of digits. */
const NUMBER = new RegExp(`[${KANJI_DIGITS}]?[十拾][${KANJI_DIGITS}]?|[${KANJI_DIGITS}]`, 'y');

/**
 * Text under which two spellings of an address agree, and for each of its characters where its original ends.
 * Full width becomes half width, numerals become digits; spaces, 大字, 字 and 第 go.
 */
function fold(source: string): { text: string; ends: number[] } {
  let text = '';
  const ends: number[] = [];
  const add = (folded: string, end: number): void => {
    text += folded;
    for (let i = 0; i < folded.length; i++) ends.push(end);
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i] as string;
    if (DROPPED.test(c) || c === '字' || (c === '大' && source[i + 1] === '字')) continue;
    NUMBER.lastIndex = i;
    const number = NUMBER.exec(source)?.[0];
    if (number !== undefined) {
      add(String(numeralValue(number)), i + number.length);
      i += number.length - 1;
      continue;
    }
    const code = source.charCodeAt(i);
    add(code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : (SAME.get(c) ?? c), i + 1);
  }
  return { text, ends };
}
