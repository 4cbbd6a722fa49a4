#include "engine/http/hop_report.hpp"

#include <curl/curl.h>

#include <chrono>
#include <utility>

#include "engine/http/curl/easy_handle.hpp"

namespace leat::http {

namespace {

const char* version_name(long version) noexcept {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return nullptr;
  }
}

// Gives the end of one of libcurl's phases since the hop's start, in seconds; 0 if the phase did not take
// place. `before` is the time that passed before libcurl started.
double phase(const EasyHandle& handle, CURLINFO what, async::Duration before) noexcept {
  const auto microseconds = handle.info<curl_off_t>(what);
  return microseconds == 0 ? 0 : async::in_seconds(before) + static_cast<double>(microseconds) / 1e6;
}

}  // namespace

void Traffic::add(const Transfer& transfer, const Hop& hop) {
  const EasyHandle& handle = transfer.handle();
  head_bytes += static_cast<std::uint64_t>(handle.info<long>(CURLINFO_HEADER_SIZE));
  received += transfer.received();
  if (transfer.connected_anew() && handle.info<curl_off_t>(CURLINFO_CONNECT_TIME_T) > 0) ++connections;
  sent += static_cast<std::uint64_t>(handle.info<long>(CURLINFO_REQUEST_SIZE));
  if (hop.body == nullptr && hop.upload == nullptr) return;
  // Before 8.7 a short body goes out together with the head and is counted with it (http.c, 64 KiB).
  constexpr std::size_t kShort = 64 * 1024;
  static const bool counts_bodies = curl_version_info(CURLVERSION_NOW)->version_num < 0x080700;
  if (counts_bodies && hop.body != nullptr && hop.body->size() < kShort) return;
  sent += static_cast<std::uint64_t>(handle.info<curl_off_t>(CURLINFO_SIZE_UPLOAD_T));
}

Response describe(Transfer& transfer, Hop& hop, int redirects, const HopTimes& times,
                  async::Duration elapsed) {
  const EasyHandle& handle = transfer.handle();
  Response response;
  response.head = std::move(transfer.head());
  response.url_effective = std::move(hop.url).take_text();
  response.http_version = version_name(handle.info<long>(CURLINFO_HTTP_VERSION));
  response.size_download = transfer.received();
  response.num_redirects = redirects;
  if (const char* ip = handle.info<char*>(CURLINFO_PRIMARY_IP)) response.remote_ip = ip;
  response.remote_port = static_cast<int>(handle.info<long>(CURLINFO_PRIMARY_PORT));
  const async::Duration before = times.begun - times.start;
  response.time_namelookup = phase(handle, CURLINFO_NAMELOOKUP_TIME_T, times.resolved - times.start);
  response.time_connect = phase(handle, CURLINFO_CONNECT_TIME_T, before);
  response.time_appconnect = phase(handle, CURLINFO_APPCONNECT_TIME_T, before);
  response.time_starttransfer = phase(handle, CURLINFO_STARTTRANSFER_TIME_T, before);
  response.time_total = async::in_seconds(elapsed);
  response.connected_anew = transfer.connected_anew();
  if (elapsed.count() > 0) {
    response.speed_download = static_cast<double>(response.size_download) / response.time_total;
  }
  const int status = response.head.status;
  const bool has_body = hop.method != "HEAD" && status != 204 && status != 304;
  response.length_verified = !has_body || response.head.content_length || response.head.chunked ||
                             response.head.coded || transfer.ended_by_close_notify();
  response.method = std::move(hop.method);
  return response;
}

}  // namespace leat::http
