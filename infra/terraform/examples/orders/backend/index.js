// The backend of the sample: answers with what the authorizer handed on about the caller.
exports.handler = async (event) => {
  const authorizer = event.requestContext.authorizer ?? {};
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    // HTTP APIs put it under `lambda`, REST APIs do not.
    body: JSON.stringify({ caller: authorizer.lambda ?? authorizer }),
  };
};
