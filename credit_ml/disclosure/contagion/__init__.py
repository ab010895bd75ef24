"""What bystanders gain and lose when others respond: the instrument and its words."""
