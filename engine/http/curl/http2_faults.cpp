#include "engine/http/curl/http2_faults.hpp"

#include <curl/curl.h>

namespace leat::http {

namespace {

bool is_8_14() noexcept { return curl_version_info(CURLVERSION_NOW)->version_num >= 0x080e00; }

}  // namespace

bool repeats_what_goaway_left_out() noexcept { return is_8_14(); }

std::string http2_faults() {
  if (is_8_14()) return {};
  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  return std::string("HTTP/2 by libcurl ") + curl->version +
         ": some answers that are cut pass for whole and some whole ones are lost, which 8.14 mends; see "
         "BUGS in "
         "leat-get(1)";
}

}  // namespace leat::http
