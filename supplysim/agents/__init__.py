"""Who acts: one file a kind, with its columns and its scalar decision rules; `views` holds the Mesa agents."""
