#include "engine/http/cookie_jar.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/http/curl/easy_handle.hpp"

namespace leat::http {

// It shares TLS sessions, too, because a handle has only one share.
CookieJar::CookieJar() : share_(make_share({CURL_LOCK_DATA_SSL_SESSION, CURL_LOCK_DATA_COOKIE})) {}

// Each load uses a handle of its own, because in 7.88 a handle that forgets its file frees the cookies that
// it shares.
void CookieJar::load(const std::string& file) {
  EasyHandle reader;
  reader.set(CURLOPT_SHARE, share_.get());
  reader.set(CURLOPT_COOKIEFILE, file.c_str());
  reader.set(CURLOPT_COOKIELIST, "RELOAD");
}

Status CookieJar::save(const std::string& file) {
  // libcurl doesn't say whether it could write, so that is tried first.
  errno = 0;
  if (!std::ofstream(file, std::ios::app)) {
    return Error(Errc::file_error, "can't write the cookies to " + file + ": " + std::strerror(errno));
  }
  EasyHandle writer;
  writer.set(CURLOPT_SHARE, share_.get());
  writer.set(CURLOPT_COOKIEJAR, file.c_str());  // it is written when the handle is destroyed
  return std::nullopt;
}

}  // namespace leat::http
