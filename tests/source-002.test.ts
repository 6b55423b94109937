// 002 sections 2 and 3 (資格情報のお知らせ及び加入者情報の内容, 対象者・送付時期等), line by line: each line of the source beside what
// the program makes of it. The edges of each rule are in the tables beside the rules.
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { noticeValues, parcelLabelValues } from '../src/print/notice-papers.ts';
import { chooseTexts } from '../src/rules/papers/texts.ts';
import { SCHEMES } from '../src/rules/papers/scheme.ts';
import { addDays } from '../src/rules/words/calendar.ts';
import { classify, matchOf } from '../src/rules/intake/matching.ts';
import type { MatchClass } from '../src/rules/intake/matching.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import {
  NOTICE_CARD_FIELDS,
  NOTICE_SHEET_FIELDS,
  NUMBER_REQUEST,
  decideNotice,
  lintNoticeText,
  noticeContent,
  noticeRoute,
  spanOf,
  windowLines,
} from '../src/rules/issuing/notices.ts';
import type { NoticeFacts, NoticeIssuanceSettings, NoticeSpan } from '../src/rules/issuing/notices.ts';
import { planNotices } from '../src/rules/issuing/notice-plan.ts';
import type { NoticeTarget } from '../src/rules/issuing/notice-plan.ts';
import { postingRefusal } from '../src/rules/posting/lots.ts';
import { packParcels } from '../src/rules/posting/parcels.ts';
import { whyRangeIsRefused } from '../src/rules/posting/acceptance-numbers.ts';
import { notice, noticeHousehold, noticeTarget, parcel } from './cast.ts';
import { templatesOf } from './papers.ts';

const profile = await loadProfile('kyokai-kenpo');
const settings = profile.notices!;
const day = (text: string): LocalDate => text as LocalDate;
const round = (id: string): NoticeIssuanceSettings => profile.noticeRounds.find((own) => own.id === id)!;
const span = (id: string): NoticeSpan => spanOf(round(id), null)!;
const FIRST = span('notice-2024-1');
const SECOND = span('notice-2024-2');

const ORDINARY: NoticeFacts = {
  acquiredOn: day('2020-04-01'),
  lostOn: null,
  insuredClass: 'general',
  hadNotice: false,
  wasDeferred: false,
  symbolChangedOn: null,
  changes: [],
  holdsCertificate: false,
};
const isTarget = (change: Partial<NoticeFacts>, on: NoticeSpan): boolean =>
  decideNotice({ ...ORDINARY, ...change }, on).isTarget;
const contentOf = (matchClass: MatchClass) => noticeContent(matchClass, { ...settings, showsDigits: true });
const PRINTED = { digits: 'printed', requestForm: false, held: false };
const ASKED = { digits: 'asked', requestForm: true, held: false };
const sentences = chooseTexts(profile, 'notice', day('2024-09-09')).paragraphs.notice!;
const text = sentences.join('');

const plan = (targets: readonly NoticeTarget[]) =>
  planNotices(noticeHousehold(targets), {
    issuedOn: day('2024-09-09'),
    unresolved: 'hold',
    digits: round('notice-2024-1').digits,
    way: 'own',
  });
const piece = (number: string, i: number) => ({
  pieceNumber: `2${number.padStart(9, '0')}${String(i).padStart(4, '0')}`,
  symbol: '100',
  number,
  subNumber: String(i).padStart(2, '0'),
  relation: i === 0 ? ('insured' as const) : ('dependent' as const),
  requestForm: false,
});

/** Section 2. */
test.each<[string, () => void]>([
  [
    '説明のチラシとマイナ保険証促進チラシを同封します',
    () => {
      const { noticeFlyers } = chooseTexts(profile, 'notice', '2024-09-09' as LocalDate);
      expect(noticeFlyers).toHaveLength(2);
      expect(noticeFlyers[0]!.title).toContain('資格情報のお知らせ');
      expect(noticeFlyers[1]!.title).toContain('マイナ保険証');
    },
  ],
  [
    '資格基本情報: 記号番号枝番 氏名フリガナ 生年月日 負担割合 資格取得年月日 保険者名',
    () => {
      const demanded = ['symbol', 'number', 'subNumber', 'kana', 'bornOn', 'ratio', 'acquiredOn', 'insurerName'];
      expect(NOTICE_SHEET_FIELDS).toEqual(expect.arrayContaining(demanded));
      const values = noticeValues(notice(1, 'workplace'), profile, 1);
      for (const field of demanded) expect(values[field], field).not.toBe('');
    },
  ],
  [
    'マイナ保険証で受診することができず、マイナポータルの資格情報画面を提示できない場合に、マイナンバーカードと併せてご利用',
    () => expect(lintNoticeText(text)).toEqual([]),
  ],
  [
    '資格情報のお知らせ（切り取り）: 記号番号枝番 氏名フリガナ 生年月日 資格取得年月日 保険者番号 保険者名',
    () => {
      const demanded = [
        'symbol',
        'number',
        'subNumber',
        'kana',
        'bornOn',
        'acquiredOn',
        'insurerNumber',
        'insurerName',
      ];
      expect([...NOTICE_CARD_FIELDS]).toEqual(demanded);
    },
  ],
  [
    '切り取ってご利用いただきます',
    () => {
      expect(text).toContain('点線で切り取り');
      const { fields } = templatesOf(profile).compile('notice', 'workplace').sheet;
      expect(fields.filter(({ name }) => name.startsWith('card.'))).toHaveLength(NOTICE_CARD_FIELDS.length);
    },
  ],
  ['５情報に不一致がない者', () => expect(contentOf(classify([], SUBMITTED, []).matchClass)).toEqual(PRINTED)],
  [
    '不一致があったものの保険者で確認済みの者',
    () => {
      const differs = [{ attribute: 'name', manner: 'differs' } as const];
      const { matchClass } = classify(differs, { submitted: true, confirmed: differs }, []);
      expect([matchClass, contentOf(matchClass)]).toEqual(['confirmed', PRINTED]);
      expect(contentOf(matchOf({ matchClass: 'confirmed' }, true, []).matchClass)).toEqual(PRINTED);
    },
  ],
  [
    '５情報の一部不一致があったもののリスクが低いと判断した者',
    () => {
      const { matchClass, reason } = classify(
        [{ attribute: 'address', manner: 'building-omitted' }],
        SUBMITTED,
        settings.lowRisk,
      );
      expect([matchClass, contentOf(matchClass)]).toEqual(['low-risk', PRINTED]);
      expect(reason).not.toBe('');
    },
  ],
  [
    '不一致が残る者には下4桁を記載しない（送らずに職員が確かめる）',
    () => {
      const { matchClass } = classify([{ attribute: 'bornOn', manner: 'differs' }], SUBMITTED, settings.lowRisk);
      expect([matchClass, contentOf(matchClass)]).toEqual([
        'unresolved',
        { digits: 'asked', requestForm: false, held: true },
      ]);
    },
  ],
  [
    'マイナンバーが未提出の者等については、個人番号の提出を依頼します。（下４桁は記載しません。）',
    () => {
      const { matchClass } = classify([], { submitted: false, confirmed: [] }, settings.lowRisk);
      expect([matchClass, contentOf(matchClass)]).toEqual(['not-submitted', ASKED]);
    },
  ],
  [
    '医療保険のデータベースに登録されてるマイナンバーの下4桁を表示',
    () =>
      expect(noticeValues(notice(1, 'workplace', { last4: '0042' }), profile, 1)['last4']).toBe(
        '＊＊＊＊　＊＊＊＊　0042',
      ),
  ],
  [
    '正確なマイナンバーが把握できていない場合、記載しておりません',
    () => {
      const values = noticeValues(notice(1, 'workplace', { last4: null }), profile, 1);
      expect([values['last4'], values['numberRequest']]).toEqual(['', NUMBER_REQUEST]);
    },
  ],
  [
    '点線で切り取って大切に保管ください',
    () => expect(sentences.some((line) => /点線.*大切に保管/.test(line))).toBe(true),
  ],
  [
    '健康保険の各種給付金等の申請に必要な健康保険の記号・番号を知ることができます',
    () => expect(sentences.some((line) => /給付金等の申請.*記号・番号/.test(line))).toBe(true),
  ],
  [
    'マイナンバーの提出をお願いするため、申出書を同封します',
    () => {
      expect(contentOf('not-submitted').requestForm).toBe(true);
      expect(NUMBER_REQUEST).toContain('同封の個人番号申出書');
    },
  ],
])('2: %s', (_, check) => expect(check).not.toThrow());

const SUBMITTED = { submitted: true, confirmed: [] } as const;

/** Section 3, and its figures. */
test.each<[string, () => void]>([
  [
    '送付対象者 加入者全員',
    () => {
      for (const insuredClass of ['general', 'voluntary-continuation', 'special-retiree'] as const)
        expect(isTarget({ insuredClass }, FIRST)).toBe(true);
    },
  ],
  [
    '１回目 令和６年9月9日（月）～令和６年9月30日（月）',
    () => expect(round('notice-2024-1').posting).toEqual({ from: '2024-09-09', through: '2024-09-30' }),
  ],
  [
    '２回目 令和７年1月22日（水）～令和７年2月3日（月）',
    () => {
      expect(round('notice-2024-2').posting).toEqual({ from: '2025-01-22', through: '2025-02-03' });
      const { from, through } = round('notice-2024-2').posting!;
      const terms = { isApproved: true, postFrom: from, postThrough: through, liesInOpenParcel: false };
      expect(postingRefusal(terms, day('2025-02-03'))).toBeNull();
      expect(postingRefusal(terms, day('2025-02-04'))).toContain('期限');
    },
  ],
  [
    '１回目の対象者データ抽出日から令和６年11月29日（金）までに新規資格取得した対象者',
    () => {
      const on = (acquiredOn: LocalDate): boolean => isTarget({ acquiredOn }, SECOND);
      expect([addDays(FIRST.extractedOn, -1), FIRST.extractedOn, day('2024-11-29'), day('2024-11-30')].map(on)).toEqual(
        [false, false, true, false],
      );
      expect(on(addDays(FIRST.extractedOn, 1))).toBe(true);
      // People of the first round are not in the second.
      expect(isTarget({ acquiredOn: FIRST.extractedOn, hadNotice: true }, SECOND)).toBe(false);
    },
  ],
  [
    'データ抽出時点の現存者',
    () => {
      const joined = { acquiredOn: day('2024-09-01') };
      expect(isTarget({ ...joined, lostOn: SECOND.extractedOn }, SECOND)).toBe(false);
      expect(isTarget({ ...joined, lostOn: addDays(SECOND.extractedOn, 1) }, SECOND)).toBe(true);
    },
  ],
  [
    '事業所の管轄外所在地変更により事業所記号が変わった場合も含む',
    () => {
      const moved = { hadNotice: true, symbolChangedOn: day('2024-10-01') };
      expect(decideNotice({ ...ORDINARY, ...moved }, SECOND)).toEqual({ isTarget: true, reason: 'symbol-changed' });
    },
  ],
  [
    '一般加入者：個人別に封入',
    () => {
      const { notices } = plan([noticeTarget(0), noticeTarget(1), noticeTarget(2)]);
      expect(notices.map(({ subNumber, addressee }) => [subNumber, addressee])).toEqual([
        ['00', '協会　一の零'],
        ['01', '協会　一の一'],
        ['02', '協会　一の二'],
      ]);
    },
  ],
  [
    '事業主経由での送付',
    () => {
      const member = {
        insuredClass: 'general',
        home: null,
        mailTo: null,
        mailStopped: false,
        isForHome: false,
      } as const;
      expect(noticeRoute(member)).toBe('workplace');
    },
  ],
  [
    '特定記録郵便',
    () => {
      // 特定記録 alone: its ranges begin with 5 or 6; a range of another service is refused.
      expect(whyRangeIsRefused({ first: '13112383852', last: '13112383852' })).toBe('not-recorded-delivery');
      expect(parcelLabelValues(parcel(3), SCHEMES.health)['acceptanceNumber']).toBe('引受番号の割当てがないため空欄');
    },
  ],
  [
    '封筒または箱に梱包し送付します',
    () => expect(settings.parcels.containers.map(({ kind }) => kind)).toEqual(['envelope', 'box']),
  ],
  [
    '健康保険法第３条第２項に規定される日雇特例被保険者及びその被扶養者を除く',
    () => {
      for (const on of [FIRST, SECOND])
        expect(isTarget({ insuredClass: 'day-labourer', acquiredOn: on.joined?.from ?? ORDINARY.acquiredOn }, on)).toBe(
          false,
        );
    },
  ],
  [
    '被保険者A 被扶養者A-1 被保険者B 被扶養者B-1 被扶養者B-2 被保険者C 被扶養者C-1 被扶養者C-2 被扶養者C-3',
    () => {
      const sizes = [2, 3, 4];
      const pieces = sizes.flatMap((size, n) => Array.from({ length: size }, (_, i) => piece(String(n + 1), i)));
      const [only, ...others] = packParcels(pieces.toReversed(), settings.parcels);
      expect(others).toEqual([]);
      expect(only!.pieces.map(({ number, subNumber }) => `${number}-${subNumber}`)).toEqual([
        '1-00',
        '1-01',
        '2-00',
        '2-01',
        '2-02',
        '3-00',
        '3-01',
        '3-02',
        '3-03',
      ]);
    },
  ],
  [
    '（申出書は）マイナンバーの紐づけができていない方のみ同封',
    () => {
      const classes = ['agrees', 'confirmed', 'low-risk', 'unresolved', 'not-submitted'] as const;
      expect(classes.filter((matchClass) => contentOf(matchClass).requestForm)).toEqual(['not-submitted']);
      // 紐付け 0 in マイナ保険証.csv is not submitted, whatever the match says.
      expect(matchOf({ matchClass: 'agrees' }, false, []).matchClass).toBe('not-submitted');
    },
  ],
  [
    '封筒 予定サイズ（最大）高さ49㎝、幅32㎝、マチ12㎝ 約150人分（最大）',
    () => {
      expect(settings.parcels.containers[0]).toMatchObject({ lengthMm: 490, widthMm: 320, depthMm: 120 });
      expect(settings.parcels.limit).toBe(150);
    },
  ],
  [
    '箱 予定サイズ（最大）長さ36㎝、幅25㎝、深さ12㎝ 約150人分（最大）',
    () => {
      expect(settings.parcels.containers[1]).toMatchObject({ lengthMm: 360, widthMm: 250, depthMm: 120 });
      const many = Array.from({ length: 151 }, (_, i) => piece(String(i + 1), 0));
      expect(packParcels(many, settings.parcels).map(({ pieces }) => pieces.length)).toEqual([150, 1]);
    },
  ],
  [
    '封筒の窓: （記号）12345678 （番号）1234567 （被保険者氏名）協会 太郎 様 （対象者氏名）協会 花子 様',
    () => {
      const shown = { symbol: '12345678', number: '1234567', insuredName: '協会　太郎', addressee: '協会　花子' };
      expect(windowLines(shown)).toEqual([
        '（記号）12345678　（番号）1234567',
        '（被保険者氏名）協会　太郎　様',
        '（対象者氏名）協会　花子　様',
      ]);
      const { sheet } = templatesOf(profile).compile('notice', 'workplace');
      expect(sheet.fields.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['windowSymbol', 'windowInsured', 'windowAddressee']),
      );
    },
  ],
])('3: %s', (_, check) => expect(check).not.toThrow());
