/** Tokens and their latest outcomes. */
import { documentClient } from '../../lib/aws/clients.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { outcomeStore } from '../../lib/event/outcome-store.ts';
import { tokenOperations } from '../../lib/http/tokens.ts';
import { TokensEnvironment } from '../../lib/lambda/environment.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { tokenStore } from '../../lib/token/store.ts';

export const handler = httpHandler(
  perEnvironment(TokensEnvironment, (environment) => {
    const documents = documentClient(environment.REQUEST_TIMEOUT_MS);
    return tokenOperations({
      tokens: tokenStore(documents, environment.TOKENS_TABLE),
      directory: dynamodbDirectory(documents, environment.DIRECTORY_TABLE),
      outcomes: outcomeStore(documents, environment.OUTCOMES_TABLE),
    });
  }),
);
