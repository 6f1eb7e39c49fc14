// Getting rid of what another process sent along.
#pragma once

#include <vector>

#include "os/fd.hpp"

namespace hupd::os {

// Closes descriptors that may be of any kind, without waiting. close() may wait for somebody else:
// of a socket that is to linger (SO_LINGER) for its peer, as long as whoever made it has chosen;
// and so does that of a channel in whose queue such a socket is. A process that ends does not wait:
// so they are closed by the end of one that is forked for it, a child which is nobody's.
void discard(std::vector<Fd> fds);

// Closes one end of a channel of this process's own, whatever there is in it that was not read.
void discard_channel(Fd end);

}  // namespace hupd::os
