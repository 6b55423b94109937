// Reads every SQL statement out of the sources of the ledger, with the row and the values that stand beside it. The compiler's
// own API says what a row is; the text of a statement is put together as the program would, its runtime values stood in for.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { API, TypeFlags } from 'typescript/unstable/sync';
import type { Checker, Project, Symbol, Type } from 'typescript/unstable/sync';
import * as is from 'typescript/unstable/ast/is';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import * as columnKinds from '../src/ledger/core/columns.ts';
import type { Column, Columns } from '../src/ledger/core/columns.ts';

/** One text a call may send; there are several where it depends on a condition or a word. */
export interface Statement {
  /** `src/ledger/…:line`. */
  readonly at: string;
  readonly sql: string;
  /** The names and types of the row, `string`, `number`, `boolean`, `Date`, `null`, … joined by ` | `; null = none is asked for. */
  readonly row: ReadonlyMap<string, { readonly kinds: readonly string[]; readonly isOptional: boolean }> | null;
  /** How many values go with it; null where only the running program knows. */
  readonly valueCount: number | null;
  /** The table of columns of a COPY. */
  readonly columns: readonly Column<unknown>[] | null;
}

/** A call whose text cannot be put together. */
export interface Unread {
  readonly at: string;
  readonly why: string;
}

/** What takes statements, and by which methods. */
const TAKERS = ['Reader', 'Transaction', 'Database'];
const METHODS = ['query', 'execute', 'copyIn', 'copyOut', 'statement'];

/** All statements of the files under a folder, as the TypeScript project sees them. */
export function readStatements(configFile: string, folder: string): { statements: Statement[]; unread: Unread[] } {
  const api = new API({ cwd: path.dirname(configFile) });
  try {
    const project = api.updateSnapshot({ openProjects: [configFile] }).getProjects()[0]!;
    const statements: Statement[] = [];
    const unread: Unread[] = [];
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const file = project.program.getSourceFile(path.join(folder, name));
      if (!file) throw new Error(`${name} is not in the project`);
      readFile(project, file, path.relative(path.dirname(configFile), file.fileName), statements, unread);
    }
    return { statements, unread };
  } finally {
    api.close();
  }
}

function readFile(project: Project, file: SourceFile, name: string, statements: Statement[], unread: Unread[]): void {
  const visit = (node: Node): void => {
    node.forEachChild((child) => {
      visit(child);
    });
    if (!is.isCallExpression(node) || !is.isPropertyAccessExpression(node.expression)) return;
    const method = node.expression.name.text;
    if (!METHODS.includes(method) || node.arguments.length === 0) return;
    const of = project.checker.getTypeAtLocation(node.expression.expression);
    if (!of || !TAKERS.includes(project.checker.typeToString(of))) return;
    const at = `${name}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
    const text = node.arguments[method === 'statement' ? 1 : 0]!;
    const values = node.arguments[method === 'statement' ? 2 : 1];
    const seen = new Set<string>();
    for (const side of [0, 1, 2, 3]) {
      const reading = new Reading(project.checker, side);
      try {
        const sql = reading.evaluate(text, new Map());
        if (typeof sql !== 'string' || sql === STAND_IN) throw new Unreadable('its text comes from elsewhere');
        if (seen.has(sql)) continue;
        seen.add(sql);
        const isCopy = method.startsWith('copy');
        const row = isCopy || method === 'execute' ? null : rowOf(project.checker, node);
        statements.push({ at, sql, row, valueCount: isCopy ? 0 : reading.count(values), columns: reading.columns });
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        unread.push({ at, why: error.message });
        return;
      }
    }
  };
  visit(file);
}

class Unreadable extends Error {}

/** Values of the names in sight; a function's parameters shadow what is outside. */
type Scope = ReadonlyMap<string, unknown>;

/** What stands for a value that only the running program has, in a statement's text: a number, and in quotes a text. */
const STAND_IN = '1';

/** Names under which the program has a table whose name it only knows when it runs, with tables of that shape. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  // In the order of the kinds of files: enrolment, members, ratios, workplaces.
  partition: ['enrolment', 'member', 'burden_ratio', 'workplace'],
  workplacePartition: ['workplace'],
  memberPartition: ['member'],
};

function at<Item>(items: readonly Item[], side: number): Item | undefined {
  return items[side % items.length];
}

/**
 * Puts one text together. `side`, 0 to 3: with an even one every condition holds, with an odd one none; of the words a value
 * may be, each side takes another.
 */
class Reading {
  readonly #checker: Checker;
  readonly #side: number;
  columns: readonly Column<unknown>[] | null = null;
  #added = 0;
  readonly #constants = new Map<Node, unknown>();
  #depth = 0;

  constructor(checker: Checker, side: number) {
    this.#checker = checker;
    this.#side = side;
  }

  /** Whether conditions hold in this reading. */
  get #holds(): boolean {
    return this.#side % 2 === 0;
  }

  evaluate(node: Node, scope: Scope): unknown {
    this.#depth += 1;
    if (this.#depth > 200) throw new Unreadable('it goes in circles');
    try {
      return this.#evaluate(node, scope);
    } finally {
      this.#depth -= 1;
    }
  }

  #evaluate(node: Node, scope: Scope): unknown {
    if (is.isStringLiteral(node) || is.isNoSubstitutionTemplateLiteral(node)) return node.text;
    if (is.isNumericLiteral(node)) return Number(node.text);
    if (is.isTemplateExpression(node))
      return node.templateSpans.reduce(
        (text, span) => text + String(this.evaluate(span.expression, scope)) + span.literal.text,
        node.head.text,
      );
    if (is.isParenthesizedExpression(node) || is.isAsExpression(node) || is.isSatisfiesExpression(node))
      return this.evaluate(node.expression, scope);
    if (is.isNonNullExpression(node)) return this.evaluate(node.expression, scope);
    if (is.isConditionalExpression(node)) {
      const isTrue = this.#isEqual(node.condition, scope) ?? this.#holds;
      return this.evaluate(isTrue ? node.whenTrue : node.whenFalse, scope);
    }
    if (is.isBinaryExpression(node) && node.operatorToken.getText() === '&&')
      return this.#holds ? this.evaluate(node.right, scope) : null;
    if (is.isBinaryExpression(node) && node.operatorToken.getText() === '+')
      return String(this.evaluate(node.left, scope)) + String(this.evaluate(node.right, scope));
    if (is.isObjectLiteralExpression(node)) return this.#object(node, scope);
    if (is.isArrayLiteralExpression(node))
      return node.elements.flatMap((element) => {
        if (!is.isSpreadElement(element)) return [this.evaluate(element, scope)];
        const spread = this.evaluate(element.expression, scope);
        return Array.isArray(spread) ? (spread as unknown[]) : [STAND_IN];
      });
    if (is.isIdentifier(node)) return this.#name(node, scope);
    if (is.isPropertyAccessExpression(node)) return this.#property(node, scope);
    if (is.isElementAccessExpression(node)) return this.#element(node, scope);
    if (is.isCallExpression(node)) return this.#call(node, scope);
    return this.#standIn(node);
  }

  /** What a comparison of two known texts says; null for every other condition. */
  #isEqual(node: Node, scope: Scope): boolean | null {
    if (!is.isBinaryExpression(node) || !['===', '!=='].includes(node.operatorToken.getText())) return null;
    const [left, right] = [this.evaluate(node.left, scope), this.evaluate(node.right, scope)];
    if (typeof left !== 'string' || typeof right !== 'string' || [left, right].includes(STAND_IN)) return null;
    return (left === right) === (node.operatorToken.getText() === '===');
  }

  #object(node: Node, scope: Scope): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    if (!is.isObjectLiteralExpression(node)) return made;
    for (const part of node.properties) {
      if (is.isSpreadAssignment(part)) Object.assign(made, this.evaluate(part.expression, scope));
      else if (is.isPropertyAssignment(part)) made[nameOf(part.name)] = this.evaluate(part.initializer, scope);
      else if (is.isShorthandPropertyAssignment(part)) made[nameOf(part.name)] = this.#name(part.name, scope);
    }
    return made;
  }

  #name(node: Node, scope: Scope): unknown {
    if (!is.isIdentifier(node)) return this.#standIn(node);
    if (scope.has(node.text)) return scope.get(node.text);
    if (node.text === 'undefined') return undefined;
    if (node.text in TABLES) return at(TABLES[node.text]!, this.#side);
    const declaration = this.#declaration(node);
    if (!declaration || !is.isVariableDeclaration(declaration) || !declaration.initializer || !isConstant(declaration))
      return this.#standIn(node);
    // Once, as in the program: `values.add` gives a value its number.
    if (!this.#constants.has(declaration))
      this.#constants.set(declaration, this.evaluate(declaration.initializer, new Map()));
    return this.#constants.get(declaration);
  }

  #property(node: Node, scope: Scope): unknown {
    if (!is.isPropertyAccessExpression(node)) return this.#standIn(node);
    const of = this.#isConstant(node.expression, scope) ? this.evaluate(node.expression, scope) : null;
    if (of !== null && typeof of === 'object' && node.name.text in of) {
      const value: unknown = Reflect.get(of, node.name.text);
      if (node.name.text === 'list' && 'columns' in of) this.columns = (of as Columns<unknown>).columns;
      return value;
    }
    return this.#standIn(node);
  }

  #element(node: Node, scope: Scope): unknown {
    if (!is.isElementAccessExpression(node) || !this.#isConstant(node.expression, scope)) return this.#standIn(node);
    const of = this.evaluate(node.expression, scope);
    if (of === null || typeof of !== 'object') return this.#standIn(node);
    return Reflect.get(of, String(this.evaluate(node.argumentExpression, scope))) as unknown;
  }

  /** Whether an expression begins at something whose value is in the sources. */
  #isConstant(node: Node, scope: Scope): boolean {
    if (is.isPropertyAccessExpression(node) || is.isElementAccessExpression(node) || is.isNonNullExpression(node))
      return this.#isConstant(node.expression, scope);
    if (is.isAsExpression(node) || is.isParenthesizedExpression(node)) return this.#isConstant(node.expression, scope);
    if (is.isConditionalExpression(node)) return true;
    if (!is.isIdentifier(node)) return false;
    if (scope.has(node.text)) return typeof scope.get(node.text) === 'object';
    const declaration = this.#declaration(node);
    return declaration !== undefined && is.isVariableDeclaration(declaration) && isConstant(declaration);
  }

  #call(node: Node, scope: Scope): unknown {
    if (!is.isCallExpression(node)) return this.#standIn(node);
    const args = (): unknown[] => node.arguments.map((argument) => this.evaluate(argument, scope));
    if (is.isPropertyAccessExpression(node.expression)) {
      const { expression: of, name } = node.expression;
      if (name.text === 'add') return `$${(this.#added += 1)}`;
      if (name.text === 'and') return this.#holds ? ` and ${String(args()[0])} = $${(this.#added += 1)}` : '';
      if (name.text === 'map') {
        const items = this.#isConstant(of, scope) ? this.evaluate(of, scope) : null;
        if (!Array.isArray(items)) return [this.#apply(node.arguments[0]!, [], scope)];
        return items.map((item: unknown) => this.#apply(node.arguments[0]!, [item], scope));
      }
      if (name.text === 'join') {
        const parts = this.evaluate(of, scope);
        return Array.isArray(parts) ? parts.join(String(args()[0])) : STAND_IN;
      }
      return this.#standIn(node);
    }
    if (is.isIdentifier(node.expression)) {
      const name = node.expression.text;
      const declaration = this.#declaration(node.expression);
      const isKind = declaration?.getSourceFile().fileName.endsWith('/ledger/core/columns.ts');
      if (isKind && name in columnKinds) {
        const make = Reflect.get(columnKinds, name) as (...all: readonly unknown[]) => unknown;
        return make(...args());
      }
      if (name === 'literal') return `'${STAND_IN}'`;
      if (name === 'Number' || name === 'String') return STAND_IN;
      return this.#apply(node.expression, args(), scope);
    }
    return this.#standIn(node);
  }

  /** What a function of ours answers. */
  #apply(node: Node, args: readonly unknown[], scope: Scope): unknown {
    const found = is.isIdentifier(node) ? this.#declaration(node) : node;
    const made = found && is.isVariableDeclaration(found) ? found.initializer : found;
    if (!made || !(is.isFunctionDeclaration(made) || is.isArrowFunction(made))) return this.#standIn(node);
    const inner = new Map(made === node ? scope : []);
    for (const [i, parameter] of made.parameters.entries())
      if (is.isIdentifier(parameter.name) && parameter.dotDotDotToken) inner.set(parameter.name.text, args.slice(i));
      else if (is.isIdentifier(parameter.name)) {
        const value =
          i < args.length ? args[i] : parameter.initializer ? this.evaluate(parameter.initializer, inner) : null;
        if (i < args.length && value !== undefined) inner.set(parameter.name.text, value);
        else inner.delete(parameter.name.text);
      }
    if (!made.body) return this.#standIn(node);
    if (!is.isBlock(made.body)) return this.evaluate(made.body, inner);
    return this.#body(made.body.statements, inner) ?? this.#standIn(node);
  }

  #body(statements: readonly Node[], scope: Map<string, unknown>): unknown {
    for (const statement of statements) {
      if (is.isReturnStatement(statement)) return statement.expression && this.evaluate(statement.expression, scope);
      if (is.isIfStatement(statement)) {
        const taken = this.#holds ? statement.thenStatement : statement.elseStatement;
        const answer = taken && this.#body(is.isBlock(taken) ? taken.statements : [taken], scope);
        if (answer !== undefined) return answer;
      }
      if (is.isVariableStatement(statement))
        for (const { name, initializer } of statement.declarationList.declarations)
          if (is.isIdentifier(name) && initializer) scope.set(name.text, this.evaluate(initializer, scope));
    }
    return undefined;
  }

  /** A value of the running program. Of a few words, one of them. */
  #standIn(node: Node): string {
    const type = this.#checker.getTypeAtLocation(node);
    if (type && this.#checker.typeToString(type).startsWith('LocalDate')) return '2025-07-22';
    if (type && type.flags & TypeFlags.BooleanLike) return String(this.#holds);
    const words = type ? partsOf(type).filter((part) => part.isStringLiteralType()) : [];
    const word = at(words, this.#side);
    return word?.isStringLiteralType() ? word.value : STAND_IN;
  }

  #declaration(node: Node): Node | undefined {
    let symbol: Symbol | undefined = this.#checker.getSymbolAtLocation(node);
    const isAlias = symbol?.declarations.some((handle) => {
      const found = handle.resolve();
      return found !== undefined && is.isImportSpecifier(found);
    });
    if (symbol && isAlias) symbol = this.#checker.getAliasedSymbol(symbol);
    return symbol?.declarations[0]?.resolve();
  }

  /** How many values an argument holds. */
  count(values: Node | undefined): number | null {
    if (values === undefined) return 0;
    if (is.isArrayLiteralExpression(values)) {
      let count = 0;
      for (const element of values.elements) {
        const own = is.isSpreadElement(element) ? this.count(element.expression) : 1;
        if (own === null) return null;
        count += own;
      }
      return count;
    }
    if (!is.isIdentifier(values)) return null;
    const declaration = this.#declaration(values);
    return declaration && is.isVariableDeclaration(declaration) && declaration.initializer
      ? this.count(declaration.initializer)
      : null;
  }
}

function nameOf(node: Node): string {
  return is.isIdentifier(node) || is.isStringLiteral(node) ? node.text : node.getText();
}

/** Declared with `const` and not taken apart. */
function isConstant(declaration: Node): boolean {
  if (!is.isVariableDeclaration(declaration) || !is.isIdentifier(declaration.name)) return false;
  return declaration.initializer !== undefined && /^const\b/.test(declaration.parent.getText());
}

function partsOf(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes().flatMap(partsOf) : [type];
}

/** The row a call of `query` answers, or null where it asks for none. */
function rowOf(checker: Checker, call: Node): Statement['row'] {
  const row = argumentOf(checker, argumentOf(checker, checker.getTypeAtLocation(call)));
  const properties = row ? checker.getPropertiesOfType(row) : [];
  if (!row || properties.length === 0) return null;
  const named = properties.map((property) => {
    const parts = partsOf(checker.getTypeOfSymbol(property)!);
    const kinds = [...new Set(parts.map((part) => kindOf(checker, part)))];
    return [property.name, { kinds, isOptional: kinds.includes('undefined') }] as const;
  });
  return new Map(named);
}

function argumentOf(checker: Checker, type: Type | undefined): Type | undefined {
  return type?.isTypeReference() ? checker.getTypeArguments(type)[0] : undefined;
}

function kindOf(checker: Checker, type: Type): string {
  const { flags } = type;
  if (flags & TypeFlags.Null) return 'null';
  if (flags & (TypeFlags.Undefined | TypeFlags.Void)) return 'undefined';
  if (flags & (TypeFlags.Any | TypeFlags.Unknown)) return 'unknown';
  if (flags & TypeFlags.StringLike) return 'string';
  if (flags & TypeFlags.NumberLike) return 'number';
  if (flags & TypeFlags.BooleanLike) return 'boolean';
  if (flags & TypeFlags.TypeParameter) {
    const bound = checker.getBaseConstraintOfType(type);
    return bound ? kindOf(checker, partsOf(bound)[0]!) : 'unknown';
  }
  if (type.isIntersectionType())
    return type.getTypes().some((part) => kindOf(checker, part) === 'string') ? 'string' : 'object';
  if (checker.isArrayLikeType(type)) return 'array';
  const name = checker.typeToString(type);
  return /^(?:Date|Uint8Array|Buffer)\b/.exec(name)?.[0].replace('Buffer', 'Uint8Array') ?? 'object';
}
