"""A study at many settings of what it assumes: where its headlines lie, and what that hangs on."""
