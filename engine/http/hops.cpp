#include "engine/http/hops.hpp"

#include "engine/http/redirect.hpp"

namespace leat::http {

Hop first_hop(const Request& request, const ClientOptions& options, const Credentials& credentials) {
  Hop hop;
  hop.url = sent_url(request.url);
  hop.method = request.effective_method();
  if (request.body) hop.body = &*request.body;
  hop.headers = &request.headers;
  hop.range = request.range;
  hop.known = request.known;
  hop.progress = request.progress;
  hop.may_redirect = options.max_redirects > 0;
  hop.userpwd = credentials.of(request.url);
  return hop;
}

Status next_hop(Hop& hop, const ResponseHead& head, const ClientOptions& options,
                const Credentials& credentials) {
  const auto location = head.headers.find("location").value_or(std::string_view());
  auto target = redirect_target(hop.url, head.status, location);
  if (!target) return std::move(target.error());
  const std::string from(hop.url.origin());
  if (Status refused = redirect(hop, head.status, *target, options.location_trusted)) return refused;
  if (options.location_trusted && credentials.are_by_host() && hop.url.origin() != from)
    hop.userpwd = credentials.of(*target);
  return std::nullopt;
}

}  // namespace leat::http
