#include "engine/version.hpp"

#include <curl/curl.h>
#include <uv.h>

namespace leat {

std::string library_versions() {
  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  std::string text = std::string("libcurl/") + curl->version;
  if (curl->ssl_version != nullptr) text.append(" ").append(curl->ssl_version);
  return text.append(" libuv/").append(uv_version_string());
}

}  // namespace leat
