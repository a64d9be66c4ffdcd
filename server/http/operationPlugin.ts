import type { ExecutionResult } from 'graphql';
import {
  BREAK,
  type DocumentNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { readViewerCursors } from '../../resolvers/organization/readViewerCursors.ts';
import type { SchemaContext } from '../../schema/schemaContext.ts';
import type { Logger } from '../logger.ts';
import type { ApiMetrics } from './metrics.ts';
import { requireWithinCost } from './operationCost.ts';
import { documentLengthError, operationShapeRule, parseWithinLimits } from './operationLimits.ts';
import { publicError } from './publicError.ts';

/** Limits, errors, metrics and log lines of every operation, whichever way it came. */
export function operationPlugin(options: { logger: Logger; metrics: ApiMetrics }): Plugin<SchemaContext> {
  const { logger, metrics } = options;

  function shown(result: ExecutionResult, context: SchemaContext): ExecutionResult {
    if (result.errors === undefined) return result;
    return { ...result, errors: result.errors.map((error) => publicError(error, context.requestId, logger)) };
  }

  return {
    onParams: ({ params, setResult }) => {
      const refusal = documentLengthError(params.query ?? '');
      if (refusal !== null) setResult({ errors: [refusal] });
    },
    onParse: ({ setParseFn }) => {
      setParseFn(parseWithinLimits);
    },
    onValidate: ({ addValidationRule }) => {
      addValidationRule(operationShapeRule);
    },
    onExecute: async ({ args, setResultAndStopExecution }) => {
      const started = performance.now();
      const context = args.contextValue;
      const operation = getOperationAST(args.document, args.operationName);
      if (operation != null) {
        const refusal = refusalOf(() => requireWithinCost(costInput(args, operation)));
        if (refusal !== null)
          setResultAndStopExecution({ errors: [publicError(refusal, context.requestId, logger)] });
        else if (operation.operation === 'query' && asksForCursor(args.document)) {
          context.eventCursors = await readViewerCursors(context);
        }
      }
      return {
        onExecuteDone: ({ result, setResult }: { result: Answer; setResult: (answer: Answer) => void }) => {
          if (isStream(result)) return;
          const answer = shown(result, context);
          setResult(answer);
          const seconds = (performance.now() - started) / 1000;
          report(operation, args.operationName, answer, seconds, context);
        },
      };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const context = args.contextValue;
      const operation = getOperationAST(args.document, args.operationName);
      if (operation != null) {
        const refusal = refusalOf(() => requireWithinCost(costInput(args, operation)));
        if (refusal !== null)
          setResultAndStopExecution({ errors: [publicError(refusal, context.requestId, logger)] });
      }
      return {
        onSubscribeResult: ({
          result,
          setResult,
        }: {
          result: Answer;
          setResult: (answer: Answer) => void;
        }) => {
          if (!isStream(result)) {
            const answer = shown(result, context);
            setResult(answer);
            report(operation, args.operationName, answer, 0, context);
            return;
          }
          report(operation, args.operationName, {}, 0, context);
          setResult(mapAsyncIterator(result, (message: ExecutionResult) => shown(message, context)));
        },
      };
    },
  };

  function report(
    operation: OperationDefinitionNode | null | undefined,
    operationName: string | null | undefined,
    result: ExecutionResult,
    seconds: number,
    context: SchemaContext,
  ): void {
    const outcome = `${result.errors?.[0]?.extensions?.code ?? (result.errors === undefined ? 'ok' : 'ERROR')}`;
    const type = operation?.operation ?? 'unknown';
    metrics.operation(type, outcome, seconds);
    const name = operation?.name?.value ?? operationName ?? null;
    logger.debug({ requestId: context.requestId, type, operation: name, outcome, seconds }, 'operation');
  }
}

function refusalOf(check: () => void): unknown {
  try {
    check();
    return null;
  } catch (error) {
    return error;
  }
}

function costInput(
  args: {
    schema: Parameters<typeof requireWithinCost>[0]['schema'];
    document: DocumentNode;
    variableValues?: unknown;
  },
  operation: OperationDefinitionNode,
) {
  return {
    schema: args.schema,
    document: args.document,
    operation,
    variables: (args.variableValues ?? {}) as Readonly<Record<string, unknown>>,
  };
}

/** Whether an operation may read Organization.eventCursor, which is promised to be read before everything else. */
function asksForCursor(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]: (node) => {
      if (node.name.value !== 'eventCursor') return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}

type Answer = ExecutionResult | AsyncIterableIterator<ExecutionResult>;

function isStream(answer: Answer): answer is AsyncIterableIterator<ExecutionResult> {
  return Symbol.asyncIterator in answer;
}
