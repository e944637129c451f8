/** Tokens, and what was done to them lately. */
import { documentClient } from '../../lib/aws/clients.ts';
import { TokensEnvironment } from '../../lib/config/environment.ts';
import { dynamodbDirectory } from '../../lib/directory/dynamodb-directory.ts';
import { tokenOperations } from '../../lib/http/tokens.ts';
import { httpHandler } from '../../lib/lambda/http-handler.ts';
import { perEnvironment } from '../../lib/lambda/runtime.ts';
import { outcomeStore } from '../../lib/outcome/store.ts';
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
