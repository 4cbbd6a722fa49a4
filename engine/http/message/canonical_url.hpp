#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat::http {

/// Gives the form by which URLs of http and https are compared: two that RFC 3986, 6.2.2 and 6.2.3, calls
/// equivalent give the same text. Scheme and host are in lower case, the usual port is left out, %7e and the
/// like are undone or in upper case, an empty path is "/", and dot segments are gone. Bytes beyond ASCII are
/// %XX, as they are sent, and there is no fragment. A URL without a scheme is http, as in curl.
///
/// It is made for comparing: what is asked for stays as it was written.
[[nodiscard]] std::string canonical_url(std::string_view url);

/// Takes those parameters out of the query of a canonical URL whose name is one of `names`, in which a '*'
/// stands for any text: utm_*, PHPSESSID.
void drop_parameters(std::string& canonical, const std::vector<std::string>& names);

}  // namespace leat::http
