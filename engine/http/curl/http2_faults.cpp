#include "engine/http/curl/http2_faults.hpp"

#include <curl/curl.h>

namespace leat::http {

std::string http2_faults() {
  constexpr unsigned int kMended = 0x080e00;
  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  if (curl->version_num >= kMended) return {};
  return std::string("HTTP/2 by libcurl ") + curl->version +
         ": some answers that are cut pass for whole and some whole ones are lost, which 8.14 mends; see "
         "BUGS in "
         "leat-get(1)";
}

}  // namespace leat::http
