// Room: print. Every paper of an insurer as a specimen, of made-up people: each form by who holds it and by what it is sent for.
// For looking at papers before anybody gets one, and at what a change of texts makes of them.
import { mayPassEmployer, passageOf } from '../rules/intake/passage.ts';
import type { Route } from '../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { SCHEMES } from '../rules/papers/scheme.ts';
import { chooseTexts, PURPOSE_LABELS, textFaults, withoutDigits } from '../rules/papers/texts.ts';
import type { Purpose, TextPlace } from '../rules/papers/texts.ts';
import type { PrintableCertificate, PrintableNotice, PrintablePiece } from '../rules/printing/printable.ts';
import { passageOfPiece } from '../rules/printing/printable.ts';
import { addYears } from '../rules/words/calendar.ts';
import { paperNumber } from '../rules/words/check-digits.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { noticeValues, requestFormValues } from './notice-papers.ts';
import type { PageValues } from './page-values.ts';
import { certificateBackValues, certificateFrontValues, preNoticeValues } from './papers.ts';
import type { PaperKind } from './papers.ts';
import { recallSlipValues } from './recall-papers.ts';
import { referencePiece, referenceValues } from './reference.ts';
import { TEMPLATES, Templates } from './template.ts';

interface Specimen {
  /** File name without its ending: paper, purpose and holder. */
  readonly name: string;
  /** 「送付書・再交付・任意継続」 */
  readonly label: string;
  /** One page or more; the first shows it. */
  readonly pdf: Uint8Array;
}

const HOLDERS = {
  general: { label: '一般', insuredClass: 'general' },
  voluntary: { label: '任意継続', insuredClass: 'voluntary-continuation' },
} as const;
type Holder = keyof typeof HOLDERS;

const CERTIFICATE_PURPOSES = ['bulk', 'monthly', 'renewal', 'application', 'reissue', 'reroute', 'rehome'] as const;

/** What may be drawn of an insurer's papers dated `on`; a purpose whose texts do not cover the day is left out. */
export function specimensOf(profile: InsurerProfile, on: LocalDate): Specimen[] {
  return [...faces(profile, on), ...letters(profile, on), ...others(profile, on)];
}

/** The certificate itself, by who holds it: its back tells each what to do. */
function faces(profile: InsurerProfile, on: LocalDate): Specimen[] {
  const purpose = CERTIFICATE_PURPOSES.find((of) => textFaults(profile, ['back'], of, on).length === 0);
  if (purpose === undefined) return [];
  const templates = new Templates(profile, chooseTexts(profile, purpose, on));
  const optionalThrough = addYears(on, 1);
  const people: [string, string, Partial<PrintableCertificate>][] = [
    ['insured', '本人', {}],
    ['dependent', '家族', { subNumber: '01', relation: 'dependent', name: '見本　花子', kana: 'ミホン　ハナコ' }],
    ['voluntary', '任意継続', { insuredClass: 'voluntary-continuation' }],
    [
      'optional',
      '任意記載',
      {
        hasOptionalEntries: true,
        optionalContent: '限度額適用認定　適用区分ウ',
        optionalFrom: on,
        optionalThrough,
      },
    ],
    [
      'names',
      '通称名・旧姓・性別裏面',
      { registeredName: '見本　太郎左衛門', formerName: '雛形', showsFormerName: true, sexOnBack: true },
    ],
  ];
  return people.flatMap(([id, label, change]) => {
    const certificate = { ...certificateOf(on), ...change };
    const { kind } = profile.form;
    const set = (side: 'front' | 'back', values: PageValues): Uint8Array => {
      const passage = passageOf(certificate);
      const { sheet } = templates.compile(`${kind}-${side}`, 'home', passage);
      return templates.reference(`${kind}-${side}`, 'home', [referenceValues(sheet, values)], passage);
    };
    return [
      {
        name: `certificate-front-${id}`,
        label: `資格確認書　おもて　${label}`,
        pdf: set('front', certificateFrontValues(certificate, profile, WORKPLACE.branchCode)),
      },
      {
        name: `certificate-back-${id}`,
        label: `資格確認書　うら　${label}`,
        pdf: set('back', certificateBackValues(certificate)),
      },
    ];
  });
}

/** The letter and the flyer of each purpose, by whom it goes to. */
function letters(profile: InsurerProfile, on: LocalDate): Specimen[] {
  return CERTIFICATE_PURPOSES.flatMap((purpose) =>
    (Object.keys(HOLDERS) as Holder[]).flatMap((holder) => {
      const { label, insuredClass } = HOLDERS[holder];
      const certificate = { ...certificateOf(on), insuredClass };
      const route = routeOf(profile, purpose, certificate);
      if (route === null) return [];
      const needed: TextPlace[] = [`letter-${route}`, 'flyer', 'back'];
      if (textFaults(profile, needed, purpose, on).length > 0) return [];
      const templates = new Templates(profile, chooseTexts(profile, purpose, on));
      const piece = pieceOf(route, certificate);
      const { letter } = referencePiece(templates, piece, profile, 1);
      const flyer = templates.compile('flyer', route, passageOfPiece(piece)).artwork;
      const of = `${PURPOSE_LABELS[purpose]}　${label}`;
      return [
        { name: `letter-${purpose}-${holder}`, label: `送付書　${of}`, pdf: letter },
        ...(holder === 'general' ? [{ name: `flyer-${purpose}`, label: `チラシ　${of}`, pdf: flyer }] : []),
      ];
    }),
  );
}

/** How a paper of this purpose goes, or null where it never goes to such a holder. */
function routeOf(profile: InsurerProfile, purpose: Purpose, certificate: PrintableCertificate): Route | null {
  const passes = mayPassEmployer({ ...certificate, hasWorkplace: true });
  if (purpose === 'reroute') return passes ? 'workplace' : null;
  if (purpose === 'rehome') return 'home';
  return profile.route === 'workplace' && passes ? 'workplace' : 'home';
}

/** Lists' letters, recall slips, notices with digits and without. */
function others(profile: InsurerProfile, on: LocalDate): Specimen[] {
  const scheme = SCHEMES[profile.scheme];
  const workplace = { ...WORKPLACE, building: '' };
  const of = (
    paper: PaperKind,
    purpose: Purpose,
    needed: readonly TextPlace[],
    name: string,
    label: string,
    values: (texts: ReturnType<typeof chooseTexts>) => PageValues,
    route: Route = 'workplace',
    hasDigits = true,
  ): Specimen[] => {
    if (textFaults(profile, needed, purpose, on).length > 0) return [];
    const chosen = chooseTexts(profile, purpose, on);
    const texts = hasDigits ? chosen : withoutDigits(chosen);
    const templates = new Templates(profile, texts, profile.print.fonts, TEMPLATES, { hasDigits });
    const { sheet } = templates.compile(paper, route);
    return [{ name, label, pdf: templates.reference(paper, route, [referenceValues(sheet, values(texts))]) }];
  };
  const listed = { symbol: WORKPLACE.symbol, workplace, targets: [{ ...certificateOf(on) }] };
  const recall = (kind: 'list' | 'reminder') => ({
    kind,
    symbol: WORKPLACE.symbol,
    workplace,
    askedOn: on,
    papers: [],
  });
  return [
    ...(['bulk', 'monthly', 'renewal'] as const).flatMap((purpose) =>
      of(
        'pre-notice',
        purpose,
        ['list-letter'],
        `pre-notice-${purpose}`,
        `一覧表の送付文書　${PURPOSE_LABELS[purpose]}`,
        () => preNoticeValues(listed, on, scheme),
      ),
    ),
    ...of('recall-slip', 'recall', ['recall'], 'recall-slip', '回収連絡書', (texts) =>
      recallSlipValues(recall('list'), scheme, texts),
    ),
    ...of('recall-slip', 'reminder', ['recall'], 'recall-slip-reminder', '回収連絡書　催告', (texts) =>
      recallSlipValues(recall('reminder'), scheme, texts),
    ),
    ...(profile.notices === null
      ? []
      : (['home', 'workplace'] as const).flatMap((route) =>
          ([null, '0000'] as const).flatMap((last4) => {
            const notice = noticeOf(on, route, last4);
            const name = `${route}-${last4 === null ? 'asked' : 'digits'}`;
            const label = `${route === 'home' ? '自宅' : '事業所経由'}　${last4 === null ? '下4桁なし' : '下4桁あり'}`;
            return [
              ...of(
                'notice',
                'notice',
                ['notice'],
                `notice-${name}`,
                `資格情報のお知らせ　${label}`,
                () => noticeValues(notice, profile, 1),
                route,
                last4 !== null,
              ),
              ...(route === 'home' && last4 === null
                ? of('request-form', 'notice', [], 'request-form', '個人番号申出書', () => requestFormValues(notice))
                : []),
            ];
          }),
        )),
  ];
}

const PERSON = {
  symbol: '12345678',
  number: '1234567',
  bornOn: '1989-05-10' as LocalDate,
  acquiredOn: '2019-04-01' as LocalDate,
};
const ADDRESS = { postalCode: '1638001', line: '東京都新宿区西新宿二丁目8番1号', building: '' };
const WORKPLACE = {
  symbol: PERSON.symbol,
  name: '株式会社見本製作所　新宿本店',
  postalCode: ADDRESS.postalCode,
  address: ADDRESS.line,
  employerName: '見本　一郎',
  branchCode: '13',
};

function certificateOf(on: LocalDate): PrintableCertificate {
  return {
    ...PERSON,
    subNumber: '00',
    name: '見本　太郎',
    kana: 'ミホン　タロウ',
    sex: 'male',
    relation: 'insured',
    insuredClass: 'general',
    certificateNumber: paperNumber('certificate', 1, 1),
    issuedOn: on,
    validThrough: addYears(on, 4),
    insuredName: '見本　太郎',
    registeredName: null,
    formerName: null,
    showsFormerName: false,
    sexOnBack: false,
    hasOptionalEntries: false,
    optionalContent: null,
    optionalFrom: null,
    optionalThrough: null,
    isProtected: false,
    ratio: null,
  };
}

const MAILPIECE = { mailpieceNumber: paperNumber('mailpiece', 1, 1), firstOfHousehold: paperNumber('mailpiece', 1, 1) };

function pieceOf(route: Route, certificate: PrintableCertificate): PrintablePiece {
  return {
    ...MAILPIECE,
    route,
    symbol: PERSON.symbol,
    number: PERSON.number,
    sequence: 1,
    sequenceCount: 1,
    addressee: '見本　太郎',
    address: ADDRESS,
    workplace: WORKPLACE,
    customerBarcode: '',
    certificates: [certificate],
  };
}

function noticeOf(on: LocalDate, route: Route, last4: string | null): PrintableNotice {
  return {
    ...MAILPIECE,
    ...PERSON,
    subNumber: '00',
    kana: 'ミホン　タロウ',
    relation: 'insured',
    insuredClass: 'general',
    route,
    sequence: 1,
    sequenceCount: 1,
    addressee: '見本　太郎',
    insuredName: '見本　太郎',
    address: ADDRESS,
    workplace: WORKPLACE,
    customerBarcode: '',
    hasInsured: true,
    issuedOn: on,
    hasDigits: last4 !== null,
    last4,
    requestForm: last4 === null,
    ratio: 3,
    ratioFrom: null,
    ratioThrough: null,
  };
}
