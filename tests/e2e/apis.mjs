// Calls of the deployed APIs, and what their backend was told of the caller.

/** The two APIs of a deployment. The addresses need no name resolution; AWS's own would be `API.execute-api.REGION.amazonaws.com`. */
export function apisOf(deployment, endpoint) {
  const { http_api_id: http, rest_api_id: rest, rest_stage: stage } = deployment;
  return {
    HTTP: { call: caller(`${endpoint}/_aws/execute-api/${http}/$default`), context },
    REST: { call: caller(`${endpoint}/restapis/${rest}/${stage}/_user_request_`), context },
  };
}

/** What a sample's backend answers: what the authorizer handed on, which HTTP APIs put under `lambda`. */
const context = ({ caller, authorizer }) => caller ?? authorizer.lambda ?? authorizer;

function caller(base) {
  return async (route, token, { scheme = 'Bearer ' } = {}) => {
    const [method, path] = route.split(' ');
    const response = await fetch(base + path, {
      method,
      headers: token === undefined ? {} : { Authorization: `${scheme}${token}` },
      body: method === 'POST' ? '{}' : undefined,
    });
    const text = await response.text();
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      body = text;
    }
    return { status: response.status, body };
  };
}
